package io.gracekeeper.policy;

import java.util.List;

/**
 * Policies that no pod can obey together.
 *
 * @param message the numbers, and who asked for them
 * @param policies everyone who takes part
 */
public record Contradiction(String message, List<PolicyReference> policies) {
    /** Copies the list. */
    public Contradiction {
        policies = List.copyOf(policies);
    }
}
