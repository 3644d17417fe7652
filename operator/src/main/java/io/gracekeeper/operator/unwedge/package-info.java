/** ReplicaSets whose pods were refused and pass now: asked to try again at once, in the place of after minutes of back-off. */
@NullMarked
package io.gracekeeper.operator.unwedge;

import org.jspecify.annotations.NullMarked;
