/** The entry point of the container image: one main class that becomes the webhook or the operator. */
@NullMarked
package io.gracekeeper.image;

import org.jspecify.annotations.NullMarked;
