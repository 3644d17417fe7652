package io.gracekeeper.policy;

import java.util.List;

/** Where the engine finds policies. Answers from memory. */
@FunctionalInterface
public interface PolicyLister {
    /** The valid policies of a namespace, sorted by name. */
    List<CompiledPolicy> policiesIn(String namespace);
}
