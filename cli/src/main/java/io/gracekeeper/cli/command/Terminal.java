package io.gracekeeper.cli.command;

import io.gracekeeper.cli.report.Colours;
import java.io.BufferedWriter;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The three streams of the process, and what decides about colours.
 *
 * @param in standard input
 * @param out standard output, buffered; the caller flushes at the end
 * @param err standard error
 * @param colours for standard output
 */
public record Terminal(InputStream in, PrintWriter out, PrintWriter err, Colours colours) {
    /** Set by the launcher, which can ask cheaply: whether standard output is a terminal. */
    public static final String IS_TERMINAL = "gracekeeper.terminal";

    /** The real one. */
    public static Terminal system() {
        return of(System.in, System.out, System.err, Boolean.getBoolean(IS_TERMINAL), System.getenv());
    }

    /**
     * A terminal of any streams.
     *
     * @param isTerminal whether a person reads the output
     * @param environment NO_COLOR with a value, and TERM=dumb, turn colours off (no-color.org)
     */
    public static Terminal of(
            InputStream in, OutputStream out, OutputStream err, boolean isTerminal, Map<String, String> environment) {
        boolean colours = isTerminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
        return new Terminal(in, writer(out), writer(err), new Colours(colours));
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)));
    }

    /** Writes everything out. */
    public void flush() {
        out.flush();
        err.flush();
    }
}
