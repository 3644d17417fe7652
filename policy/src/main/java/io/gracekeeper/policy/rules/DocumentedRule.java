package io.gracekeeper.policy.rules;

import io.gracekeeper.policy.Rule;
import java.util.List;
import java.util.stream.Stream;

/** What a person can read about a rule: its page in the catalogue and in the command line. */
public sealed interface DocumentedRule permits Check, Advice {
    /** Which rule. */
    Rule rule();

    /** What goes wrong where it is broken. */
    String rationale();

    /** How it is fixed, and what Gracekeeper does about it by itself. */
    String remedy();

    /** Where Kubernetes says so: pages, enhancement proposals and files of its source. At least one. */
    List<String> sources();

    /** Every rule, in the order in which they are told. */
    static List<DocumentedRule> all() {
        return Stream.<DocumentedRule>concat(Check.ALL.stream(), Advice.ALL.stream())
                .toList();
    }
}
