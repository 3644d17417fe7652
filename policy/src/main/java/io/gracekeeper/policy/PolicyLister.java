package io.gracekeeper.policy;

/** Where the engine finds policies. Asked once per judgement. */
@FunctionalInterface
public interface PolicyLister {
    /** What holds in a namespace. An unknown namespace has what the cluster's policies say of one without labels. */
    NamespacePolicies policiesIn(String namespace);
}
