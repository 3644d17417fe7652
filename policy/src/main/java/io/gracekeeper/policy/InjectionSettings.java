package io.gracekeeper.policy;

import io.gracekeeper.crds.ExistingMode;
import io.gracekeeper.crds.InjectionMode;
import org.jspecify.annotations.Nullable;

/**
 * What is injected, and when: taken whole from one policy.
 *
 * @param mode Disabled where no policy has an {@code injection}
 * @param existing when existing workloads get their turn
 * @param maxConcurrent 1..100
 * @param source the policy that decided; null where none did
 */
public record InjectionSettings(
        InjectionMode mode,
        ExistingMode existing,
        int maxConcurrent,
        @Nullable PolicyReference source) {
    /** No policy asks for an injection. */
    public static final InjectionSettings NONE =
            new InjectionSettings(InjectionMode.DISABLED, ExistingMode.NEXT_ROLLOUT, 1, null);

    /** The same choice, switched off: for a workload that is not to be edited. */
    InjectionSettings disabled() {
        return new InjectionSettings(InjectionMode.DISABLED, existing, maxConcurrent, source);
    }

    /** Whether existing workloads are rolled by the operator. */
    public boolean paced() {
        return mode == InjectionMode.APPLY && existing == ExistingMode.PACED;
    }
}
