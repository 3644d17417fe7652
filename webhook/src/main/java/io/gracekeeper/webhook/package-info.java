/**
 * The process that answers admission reviews, from memory alone: bytes are decoded once, the engine decides on the raw tree, the
 * answer is encoded. No call to the API server, no event and no lock on that path; whoever asks twice gets the same answer twice.
 */
@NullMarked
package io.gracekeeper.webhook;

import org.jspecify.annotations.NullMarked;
