package io.gracekeeper.operator.workload;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gracekeeper.policy.BreakGlass;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.CompiledException;
import io.gracekeeper.policy.Contradiction;
import io.gracekeeper.policy.InjectionSettings;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.Violation;
import io.gracekeeper.policy.WorkloadKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What statuses, Events, reports and turns need to know of a workload that some policy matches: less than a judgement, since one is
 * held for each workload of the cluster.
 *
 * @param kind of the workload
 * @param apiVersion as the object has it
 * @param namespace where it lives
 * @param name its name
 * @param uid its uid
 * @param classification where it stands; never UNMATCHED
 * @param policies those that match it, in the order of precedence
 * @param violations those that no exception forgives
 * @param forgiven those that one forgives
 * @param exceptions those in force for it
 * @param contradictions why no pod can obey all of its policies
 * @param injection what would be injected, and who decided that
 * @param injectionHash the value of the touch that stands for it
 * @param breakGlass who lets it through although it is refused; null where nobody did when it was judged
 */
public record Finding(
        WorkloadKind kind,
        String apiVersion,
        String namespace,
        String name,
        String uid,
        Classification classification,
        List<PolicyReference> policies,
        List<Violation> violations,
        List<Violation> forgiven,
        List<CompiledException> exceptions,
        List<Contradiction> contradictions,
        InjectionSettings injection,
        String injectionHash,
        BreakGlass.@Nullable Active breakGlass) {

    /** What is worth keeping of a judgement. */
    public static Finding of(StoredWorkload workload, Judgement judgement, BreakGlass.@Nullable Active breakGlass) {
        return new Finding(
                judgement.workload().kind(),
                workload.apiVersion(),
                workload.namespace(),
                workload.name(),
                workload.uid(),
                judgement.classification(),
                judgement.policy().policies(),
                judgement.violations(),
                judgement.forgiven(),
                judgement.exceptions(),
                judgement.policy().contradictions(),
                judgement.policy().injection(),
                judgement.injectionHash(),
                breakGlass);
    }

    /** The same with an equal list, so that lists are shared. */
    Finding withPolicies(List<PolicyReference> shared) {
        return new Finding(
                kind,
                apiVersion,
                namespace,
                name,
                uid,
                classification,
                shared,
                violations,
                forgiven,
                exceptions,
                contradictions,
                injection,
                injectionHash,
                breakGlass);
    }

    /** Kind and name, for instance {@code Deployment/checkout}. */
    public String display() {
        return kind.kind() + "/" + name;
    }

    /** The same where several namespaces are spoken about: {@code Deployment/shop/checkout}. */
    public String qualifiedDisplay() {
        return kind.kind() + "/" + namespace + "/" + name;
    }

    /** Whether a policy decides what is injected into it. */
    public boolean isInjectedBy(PolicyReference policy) {
        return policy.equals(injection.source());
    }

    /** Which object it is, for an Event. */
    public GenericKubernetesResource reference() {
        var reference = new GenericKubernetesResource();
        reference.setApiVersion(apiVersion);
        reference.setKind(kind.kind());
        reference.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(name)
                .withUid(uid)
                .build());
        return reference;
    }
}
