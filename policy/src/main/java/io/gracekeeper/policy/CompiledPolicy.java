package io.gracekeeper.policy;

import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Match;
import java.util.Map;

/** A valid policy, ready to be asked which templates it speaks about. */
public final class CompiledPolicy {
    private final PolicyReference reference;
    private final GracefulShutdownPolicySpec spec;
    private final LabelMatcher selector;
    private final LabelMatcher exclude;

    private CompiledPolicy(
            PolicyReference reference, GracefulShutdownPolicySpec spec, LabelMatcher selector, LabelMatcher exclude) {
        this.reference = reference;
        this.spec = spec;
        this.selector = selector;
        this.exclude = exclude;
    }

    /**
     * Compiles a policy.
     *
     * @param spec one in which {@link PolicyValidator} found nothing
     */
    public static CompiledPolicy of(PolicyReference reference, GracefulShutdownPolicySpec spec) {
        Match match = spec.match();
        return new CompiledPolicy(
                reference,
                spec,
                LabelMatcher.of(match == null ? null : match.selector()),
                LabelMatcher.of(match == null ? null : match.excludeSelector()));
    }

    /** Its namespace and name. */
    public PolicyReference reference() {
        return reference;
    }

    /** What it asks for. */
    public GracefulShutdownPolicySpec spec() {
        return spec;
    }

    /** Whether it speaks about pods with these labels. An empty selector is everything, an empty exclusion nothing. */
    public boolean matches(Map<String, String> podLabels) {
        return selector.matches(podLabels) && (exclude.isEmpty() || !exclude.matches(podLabels));
    }
}
