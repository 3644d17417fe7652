/** The middle tier: a real API server with its controllers, our webhook and operator in this JVM, and no node. */
@NullMarked
package io.gracekeeper.e2e.apiserver;

import org.jspecify.annotations.NullMarked;
