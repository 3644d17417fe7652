package io.gracekeeper.cli.command;

import io.gracekeeper.cli.report.Colours;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.rules.Check;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the engine itself says about its rules: the data that the catalogue in the docs is made of. */
final class RulePages {
    private RulePages() {}

    /** Why each rule is there, by its name. */
    static Map<String, String> rationales() {
        Map<String, String> rationales = new LinkedHashMap<>();
        Check.ALL.forEach(check -> rationales.put(check.rule().word(), check.rationale()));
        return rationales;
    }

    /** Every rule in a line. */
    static void list(PrintWriter out, Colours colours) {
        Map<String, String> rationales = rationales();
        for (Rule rule : Rule.values()) {
            String rationale = rationales.get(rule.word());
            if (rationale != null) {
                out.printf("%-20s %s%n", colours.bold(rule.word()), rationale);
            }
        }
    }

    /** One rule's page. */
    static void page(Rule rule, PrintWriter out, Colours colours) {
        out.println(colours.bold(rule.word()));
        out.println("  " + rationales().getOrDefault(rule.word(), "is not judged by this version"));
    }
}
