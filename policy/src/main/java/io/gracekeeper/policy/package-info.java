/**
 * The pure core: values in, values out. No client, clock, environment, file, log or thread. Whoever asks (the webhook, the
 * operator, a test) gets the same verdict in the same words, since {@link io.gracekeeper.policy.PolicyEngine} is the only door.
 */
@NullMarked
package io.gracekeeper.policy;

import org.jspecify.annotations.NullMarked;
