/** Kubernetes Events: which ones there are, and the one way to send them. Nothing else in the operator creates an Event. */
@NullMarked
package io.gracekeeper.operator.event;

import org.jspecify.annotations.NullMarked;
