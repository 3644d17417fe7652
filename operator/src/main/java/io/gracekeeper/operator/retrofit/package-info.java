/**
 * Turns for workloads that were there before the policy. Who may be touched next is decided by values alone
 * ({@link io.gracekeeper.operator.retrofit.Pacer}, {@link io.gracekeeper.operator.retrofit.Halts}); what the values say is read from
 * the objects, so that an operator that starts anew knows all that its predecessor knew. Nothing here ever writes anything to a
 * workload but the one annotation {@code gracekeeper.io/inject}.
 */
@NullMarked
package io.gracekeeper.operator.retrofit;

import org.jspecify.annotations.NullMarked;
