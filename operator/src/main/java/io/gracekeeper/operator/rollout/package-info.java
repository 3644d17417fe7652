/**
 * Follows the old pods of every rollout to their end, and writes what it saw as {@code RolloutAudit}s.
 *
 * <p>A deleted pod leaves every cache, so how it ended is known only to who was watching: {@link
 * io.gracekeeper.operator.rollout.PodTerminationRecorder} writes it into the {@link
 * io.gracekeeper.operator.rollout.PodTerminationLedger} on every replica, the leader lets the pure {@link
 * io.gracekeeper.policy.rollout.RolloutAuditor} judge, and what nobody saw is said to be unseen. Nothing here judges.
 */
@NullMarked
package io.gracekeeper.operator.rollout;

import org.jspecify.annotations.NullMarked;
