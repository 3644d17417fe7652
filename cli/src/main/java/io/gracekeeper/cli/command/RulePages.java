package io.gracekeeper.cli.command;

import io.gracekeeper.cli.report.Colours;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.rules.DocumentedRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The rules' pages: those of the catalogue in the docs, which is generated from the engine and packed beside this class. */
final class RulePages {
    private static final String CATALOGUE = "rules.md";
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\(([^)]*)\\)");
    private static final Pattern LABEL = Pattern.compile("^\\*\\*([A-Za-z ]+)\\.\\*\\*");

    private RulePages() {}

    /** Why each rule is there, by its name. */
    static Map<String, String> rationales() {
        Map<String, String> rationales = new LinkedHashMap<>();
        DocumentedRule.all().forEach(rule -> rationales.put(rule.rule().word(), rule.rationale()));
        return rationales;
    }

    /** Every rule in a line. */
    static void list(PrintWriter out, Colours colours) {
        for (DocumentedRule documented : DocumentedRule.all()) {
            Rule rule = documented.rule();
            String padding = " ".repeat(Math.max(1, 20 - rule.word().length()));
            out.println(colours.bold(rule.word()) + padding + rule.meaning() + (rule.isAdvice() ? " (advice)" : ""));
        }
    }

    /** One rule's page: why, the fix, the sources, what it says, and its cases. */
    static void page(Rule rule, PrintWriter out, Colours colours) {
        out.println(colours.bold(rule.word()) + (rule.isAdvice() ? " (advice: never a reason to refuse)" : ""));
        for (String line : section(rule)) {
            if (line.startsWith("| case |") || line.startsWith("|---") || line.startsWith("```")) {
                continue;
            }
            if (line.startsWith("| ")) {
                String[] cells = line.split("\\|", -1);
                out.println("  " + colours.bold("Case.") + " " + cells[2].strip());
            } else {
                out.println(line.isEmpty() ? "" : "  " + plain(line, colours));
            }
        }
    }

    private static String plain(String line, Colours colours) {
        String unlinked = LINK.matcher(line).replaceAll("$1");
        return LABEL.matcher(unlinked).replaceFirst(match -> colours.bold(match.group(1) + "."));
    }

    private static List<String> section(Rule rule) {
        List<String> section = new ArrayList<>();
        boolean inside = false;
        for (String line : catalogue().lines().toList()) {
            if (line.startsWith("## ")) {
                inside = line.equals("## " + rule.word());
            } else if (inside) {
                section.add(line);
            }
        }
        while (!section.isEmpty() && section.getFirst().isBlank()) {
            section.removeFirst();
        }
        while (!section.isEmpty() && section.getLast().isBlank()) {
            section.removeLast();
        }
        return section;
    }

    private static String catalogue() {
        try (InputStream in = RulePages.class.getResourceAsStream(CATALOGUE)) {
            if (in == null) {
                throw new IllegalStateException("the jar has no " + CATALOGUE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the catalogue can't be read", e);
        }
    }
}
