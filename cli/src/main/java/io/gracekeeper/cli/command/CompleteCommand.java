package io.gracekeeper.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;

/**
 * What kubectl's own completion asks, through {@code kubectl_complete-gracekeeper}: candidates, and {@code :0} to have files
 * completed too, {@code :4} not to (cobra's ShellCompDirective).
 */
final class CompleteCommand implements Callable<Integer> {
    private final Terminal terminal;

    private final List<String> words;

    /**
     * A completion.
     *
     * @param words as typed so far, the last of them to be completed: options too, so that nothing may parse them as its own
     */
    CompleteCommand(Terminal terminal, List<String> words) {
        this.terminal = terminal;
        this.words = List.copyOf(words);
    }

    @Override
    public Integer call() {
        List<String> typed = words.isEmpty() ? List.of("") : words;
        String last = typed.getLast();
        List<CharSequence> candidates = new ArrayList<>();
        AutoComplete.complete(
                Gracekeeper.whole(terminal).getCommandSpec(),
                typed.toArray(String[]::new),
                typed.size() - 1,
                last.length(),
                last.length(),
                candidates);
        candidates.forEach(candidate -> terminal.out().println(last + candidate));
        terminal.out().println(candidates.isEmpty() ? ":0" : ":4");
        return ExitCodes.CLEAN;
    }
}
