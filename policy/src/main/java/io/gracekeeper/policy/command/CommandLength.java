package io.gracekeeper.policy.command;

import java.util.List;

/** How long a command takes. */
public final class CommandLength {
    private static final int MAX_WORDS = 256;

    private CommandLength() {}

    /**
     * Reads an argv, as the kubelet runs it: without a shell, so that {@code $X} in it is only letters.
     *
     * @param argv may be empty; a hook without a command fails at once, but the API server refuses it
     */
    public static Span of(List<String> argv) {
        if (argv.isEmpty() || argv.size() > MAX_WORDS) {
            return Span.ZERO.plusUnknown();
        }
        List<Token.Word> words = argv.stream()
                .map(word -> new Token.Word(word, true, false, List.of()))
                .toList();
        Span end = Programs.run(words, Span.ZERO, 0).contained().next();
        return end == null ? Span.ZERO.plusUnknown() : end;
    }
}
