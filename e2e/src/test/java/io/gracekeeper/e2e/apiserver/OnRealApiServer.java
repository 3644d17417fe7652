package io.gracekeeper.e2e.apiserver;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The class gets the {@link ApiServer} of this run as a parameter; one object of it runs all its tests. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LocalApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@interface OnRealApiServer {}
