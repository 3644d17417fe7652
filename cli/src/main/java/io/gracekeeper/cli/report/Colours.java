package io.gracekeeper.cli.report;

import io.gracekeeper.cli.check.Severity;

/**
 * Colours of a terminal, or none.
 *
 * @param on whether there are any
 */
public record Colours(boolean on) {
    private static final String RESET = "\u001b[0m";

    /** Bold, for what the eye looks for first. */
    public String bold(String text) {
        return paint("\u001b[1m", text);
    }

    /** A severity's word in its colour. */
    public String severity(Severity severity) {
        return paint(
                switch (severity) {
                    case DENY -> "\u001b[1;31m";
                    case WARN -> "\u001b[1;33m";
                    case AUDIT, NOTE -> "\u001b[1;36m";
                },
                severity.word());
    }

    /** Green, for what is well and for what is added. */
    public String green(String text) {
        return paint("\u001b[32m", text);
    }

    /** Red, for what is not and for what is taken away. */
    public String red(String text) {
        return paint("\u001b[31m", text);
    }

    private String paint(String code, String text) {
        return on ? code + text + RESET : text;
    }
}
