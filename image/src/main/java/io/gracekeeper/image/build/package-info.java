/**
 * Builds the container image, in the {@code package} phase and without a container engine or root. Nothing of this package is
 * in the image.
 *
 * <p>What it does, in this order: link a Java runtime with the modules that are needed; gather the few files of glibc that the
 * runtime loads, from the machine that builds; lay out jars and JVM flags; let both processes run against a stand-in for the
 * API server, so that the JVM writes its AOT cache; pack all of it as a tar that {@code docker load} and {@code ctr images
 * import} read.
 */
@NullMarked
package io.gracekeeper.image.build;

import org.jspecify.annotations.NullMarked;
