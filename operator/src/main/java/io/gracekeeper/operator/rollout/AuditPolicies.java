package io.gracekeeper.operator.rollout;

import io.gracekeeper.policy.AuditSettings;
import java.util.Map;

/** Answers how rollouts are to be audited. */
@FunctionalInterface
public interface AuditPolicies {
    /** The settings for pods of {@code namespace} with these labels; never null, not enabled where nobody asks for audits. */
    AuditSettings settingsFor(String namespace, Map<String, String> podLabels);
}
