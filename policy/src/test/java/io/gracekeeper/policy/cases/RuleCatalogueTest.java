package io.gracekeeper.policy.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.policy.rules.Check;
import io.gracekeeper.policy.rules.DocumentedRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The catalogue of rules in docs/, made of the code's words and of the corpus. */
@DisplayName("docs/rules.md")
class RuleCatalogueTest {
    private static final String COMMAND = "./mvnw -pl policy -am test -Dtest=RuleCatalogueTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dgracekeeper.catalogue=write";

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @Test
    @DisplayName("says what the code and the cases say")
    void upToDate() throws IOException {
        Path file = Cases.root().getParent().getParent().resolve("docs/rules.md");
        String catalogue = catalogue();
        if ("write".equals(System.getProperty("gracekeeper.catalogue"))) {
            Files.writeString(file, catalogue);
        }
        assertThat(file).as("run: %s", COMMAND).hasContent(catalogue);
    }

    private static String catalogue() {
        List<Case> cases = Cases.all(NOW);
        var page = new StringBuilder("""
                # Rules

                <!-- Generated. To write it anew: %s -->

                A policy says what to do about a rule that is broken: `Deny`, `Warn` or `Audit`. It has a say only about rules for which it states a requirement. Advice is never a reason to refuse.
                Each rule's cases are in [testdata/cases](../testdata/cases): a policy, an object, and what every door says of it.

                | rule | |
                |---|---|
                """.formatted(COMMAND));
        for (DocumentedRule rule : DocumentedRule.all()) {
            String word = rule.rule().word();
            page.append("| [")
                    .append(word)
                    .append("](#")
                    .append(word.toLowerCase(Locale.ROOT))
                    .append(")")
                    .append(rule instanceof Check ? "" : " (advice)")
                    .append(" | ")
                    .append(rule.rule().meaning())
                    .append(" |\n");
        }
        for (DocumentedRule rule : DocumentedRule.all()) {
            rule(rule, cases, page);
        }
        folder(
                "frameworks",
                "Frameworks",
                "What servers and workers do by themselves, and the settings that they need.",
                cases,
                page);
        folder("scenarios", "Around the rules", "Policies, exceptions, updates and injection.", cases, page);
        folder(
                Case.UNJUDGED,
                "Not judged",
                "What no rule is asked about under policies that refuse the same from a person, and why.",
                cases,
                page);
        return page.toString();
    }

    private static void rule(DocumentedRule rule, List<Case> cases, StringBuilder page) {
        String word = rule.rule().word();
        page.append("\n## ").append(word).append("\n\n").append(rule.rule().meaning());
        page.append("\n\n**Why.** ").append(rule.rationale());
        page.append("\n\n**Fix.** ").append(rule.remedy());
        page.append("\n\n**Sources.** ")
                .append(String.join("; ", rule.sources()))
                .append(".\n");
        cases.stream()
                .filter(one -> one.rule().equals(word))
                .map(one -> message(one, word))
                .filter(message -> !message.isEmpty())
                .min(Comparator.comparing(message -> !message.contains(" Fix:")))
                .ifPresent(message ->
                        page.append("\n**It says.**\n```\n").append(message).append("\n```\n"));
        table(word, cases, page);
    }

    private static void folder(String folder, String title, String sentence, List<Case> cases, StringBuilder page) {
        page.append("\n## ").append(title).append("\n\n").append(sentence).append('\n');
        table(folder, cases, page);
    }

    private static void table(String folder, List<Case> cases, StringBuilder page) {
        page.append("\n| case | | broken |\n|---|---|---|\n");
        cases.stream()
                .filter(one -> one.rule().equals(folder))
                .forEach(one -> page.append("| [")
                        .append(one.name())
                        .append("](../testdata/cases/")
                        .append(one)
                        .append(") | ")
                        .append(one.expected().description().replace("|", "\\|"))
                        .append(" | ")
                        .append(broken(one))
                        .append(" |\n"));
    }

    private static String broken(Case one) {
        List<String> words = Stream.concat(
                        one.expected().violations().stream().map(Expected.ExpectedViolation::rule),
                        one.expected().advice().stream().map(Expected.ExpectedNote::rule))
                .distinct()
                .toList();
        return String.join(", ", words);
    }

    private static String message(Case one, String rule) {
        for (Expected.ExpectedViolation violation : one.expected().violations()) {
            if (violation.rule().equals(rule)) {
                return violation.field() + ": " + violation.message();
            }
        }
        for (Expected.ExpectedNote note : one.expected().advice()) {
            if (note.rule().equals(rule)) {
                return note.field() + ": " + note.message();
            }
        }
        return "";
    }
}
