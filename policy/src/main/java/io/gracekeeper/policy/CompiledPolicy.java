package io.gracekeeper.policy;

import io.gracekeeper.crds.Audit;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Match;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.ValidationAction;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A valid policy, ready to be asked which workloads it speaks about. */
public final class CompiledPolicy {
    private final PolicyReference reference;
    private final GracefulShutdownPolicySpec spec;
    private final Requirements requirements;
    private final Set<WorkloadKind> kinds;
    private final @Nullable LabelMatcher namespaces;
    private final LabelMatcher selector;
    private final LabelMatcher exclude;
    private final List<String> exemptContainers;
    private final Map<Rule, ValidationAction> actions;
    private final AuditSettings audit;

    private CompiledPolicy(
            PolicyReference reference,
            GracefulShutdownPolicySpec spec,
            @Nullable LabelMatcher namespaces,
            WorkloadKinds known) {
        Match match = spec.match();
        this.reference = reference;
        this.spec = spec;
        this.requirements = ProfileValues.fill(spec.requirements(), spec.profile());
        this.kinds = kinds(match, known);
        this.namespaces = namespaces;
        this.selector = LabelMatcher.of(match == null ? null : match.selector());
        this.exclude = LabelMatcher.of(match == null ? null : match.excludeSelector());
        this.exemptContainers =
                match == null || match.exemptContainers() == null ? List.of() : match.exemptContainers();
        this.actions = StatedActions.of(requirements, spec.validation());
        this.audit = audit(spec.audit());
    }

    /**
     * Compiles a policy of one namespace, for Kubernetes' own kinds.
     *
     * @param spec one in which {@link PolicyValidator} found nothing
     */
    public static CompiledPolicy of(PolicyReference reference, GracefulShutdownPolicySpec spec) {
        return of(reference, spec, WorkloadKinds.BUILT_IN);
    }

    /**
     * Compiles a policy of one namespace.
     *
     * @param spec one in which {@link PolicyValidator} found nothing
     */
    public static CompiledPolicy of(PolicyReference reference, GracefulShutdownPolicySpec spec, WorkloadKinds known) {
        return new CompiledPolicy(reference, spec, null, known);
    }

    /**
     * Compiles a policy of the cluster.
     *
     * @param spec one in which {@link PolicyValidator} found nothing
     */
    public static CompiledPolicy of(
            PolicyReference reference, ClusterGracefulShutdownPolicySpec spec, WorkloadKinds known) {
        return new CompiledPolicy(reference, spec.policy(), LabelMatcher.of(spec.namespaceSelector()), known);
    }

    private static Set<WorkloadKind> kinds(@Nullable Match match, WorkloadKinds known) {
        List<String> names = match == null || match.kinds() == null ? Match.DEFAULT_KINDS : match.kinds();
        Set<WorkloadKind> kinds = new HashSet<>();
        names.forEach(name ->
                kinds.add(Objects.requireNonNull(known.named(name), () -> "policy was not validated: kind " + name)));
        if (kinds.stream().anyMatch(WorkloadKind::isPod)) {
            addBetween("ReplicaSet", kinds, known);
            addBetween("Job", kinds, known);
        }
        return Set.copyOf(kinds);
    }

    /**
     * A policy lets pods pass whose makers it judges, and who made a ReplicaSet or a Job that exists is said by its ownerReferences.
     * Those anybody can come by: by writing them, or by writing a ReplicaSet that a Deployment's selector selects, which its controller
     * then adopts (kubernetes/pkg/controller, {@code controller_ref_manager.go}). So what stands between two kinds that a policy names
     * is judged when it is written, unless the controller of one that is judged writes it.
     */
    private static void addBetween(String between, Set<WorkloadKind> kinds, WorkloadKinds known) {
        WorkloadKind kind = known.named(between);
        if (kind != null && kinds.stream().anyMatch(above -> Maker.canBeAbove(above, kind))) {
            kinds.add(kind);
        }
    }

    /** What it doesn't say is as its defaults say. */
    private static AuditSettings audit(@Nullable Audit audit) {
        if (audit == null) {
            return new AuditSettings(true, Set.copyOf(Audit.DEFAULT_CLEAN_EXIT_CODES), Audit.DEFAULT_HISTORY_LIMIT);
        }
        return Boolean.FALSE.equals(audit.enabled())
                ? AuditSettings.DISABLED
                : new AuditSettings(
                        true,
                        Set.copyOf(Objects.requireNonNullElse(audit.cleanExitCodes(), Audit.DEFAULT_CLEAN_EXIT_CODES)),
                        Objects.requireNonNullElse(audit.historyLimit(), Audit.DEFAULT_HISTORY_LIMIT));
    }

    /** Which it is. */
    public PolicyReference reference() {
        return reference;
    }

    /** What it says, as written. */
    public GracefulShutdownPolicySpec spec() {
        return spec;
    }

    /** What it asks for: its own values before its profile's. */
    public Requirements requirements() {
        return requirements;
    }

    /** The kinds of workload that it speaks about: those that it names, and those that stand between two of them. */
    public Set<WorkloadKind> kinds() {
        return kinds;
    }

    /** What it does about each rule for which it states a requirement. */
    Map<Rule, ValidationAction> actions() {
        return actions;
    }

    /** How it has rollouts judged. */
    AuditSettings audit() {
        return audit;
    }

    /** -1000..1000. */
    int priority() {
        return spec.priority() == null ? 0 : spec.priority();
    }

    /** Whether it speaks about a namespace with these labels. One of a namespace speaks about its own. */
    boolean selectsNamespace(Map<String, String> namespaceLabels) {
        return namespaces == null || namespaces.matches(namespaceLabels);
    }

    /**
     * Whether it speaks about a workload. An empty selector is everything, an empty exclusion nothing. What a workload made that
     * it speaks about was judged there, and is not judged again.
     *
     * @param kind of the workload
     * @param origin who made it
     * @param podLabels of its template
     */
    public boolean matches(WorkloadKind kind, Origin origin, Map<String, String> podLabels) {
        return kinds.contains(kind)
                && !origin.mayBeJudgedAbove(kinds)
                && selector.matches(podLabels)
                && (exclude.isEmpty() || !exclude.matches(podLabels));
    }

    /** Whether containers of that name owe it nothing. */
    boolean exempts(String containerName) {
        return !exemptContainers.isEmpty() && Glob.any(exemptContainers, containerName);
    }

    /** Whether any container may owe it nothing. */
    boolean exemptsSome() {
        return !exemptContainers.isEmpty();
    }
}
