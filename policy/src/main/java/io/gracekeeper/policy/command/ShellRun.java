package io.gracekeeper.policy.command;

import io.gracekeeper.policy.command.Outcome.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows a script through its branches and adds up the time. What follows {@code &&} behind a command that may fail counts for
 * the upper end only; what follows a command that stops the server counts for the upper end only.
 */
final class ShellRun {
    /** Nobody writes a hook that is longer; a bound on the work of a review. */
    private static final int MAX_LENGTH = 8192;

    private static final int MAX_DEPTH = 12;

    private final int depth;
    private boolean errexit;

    /** When the last of what runs in the background ends; null where nothing does. */
    private @Nullable Span background;

    private @Nullable String exitTrap;

    private ShellRun(int depth, boolean errexit) {
        this.depth = depth;
        this.errexit = errexit;
    }

    /** A script in a shell of its own. */
    static Outcome of(String script, Span at, int depth, boolean errexit) {
        if (script.length() > MAX_LENGTH || depth > MAX_DEPTH) {
            return Outcome.of(at.plusUnknown(), Status.EITHER);
        }
        ShellRun run = new ShellRun(depth + 1, errexit);
        Outcome outcome = run.eval(ShellParser.parse(script), at);
        return run.finish(outcome);
    }

    private Outcome finish(Outcome outcome) {
        Outcome whole = outcome.contained();
        Span end = whole.next();
        if (end == null) {
            return whole;
        }
        if (background != null) {
            // The runtime waits for whoever holds the output of the command (containerd: drain_exec_sync_io_timeout).
            Span both = end.and(background);
            end = new Span(end.lowerMillis(), both.upperMillis(), both.bounded(), both.stopping());
        }
        if (exitTrap != null) {
            String script = exitTrap;
            Span trap = of(script, Span.ZERO, depth, false).contained().next();
            end = trap == null ? end.plusUnknown() : end.or(end.plus(trap));
        }
        return Outcome.of(end, whole.status());
    }

    private Outcome eval(Node node, Span at) {
        return switch (node) {
            case Node.Simple simple -> simple(simple, at);
            case Node.Sequence sequence -> sequence(sequence, at);
            case Node.Chain chain -> chain(chain, at);
            case Node.Pipeline pipeline -> pipeline(pipeline, at);
            case Node.Not(Node inner) -> {
                Outcome outcome = eval(inner, at);
                yield outcome.withStatus(outcome.status().not());
            }
            case Node.Group group -> group(group, at);
            case Node.If branch -> branch(branch, at);
            case Node.Test() -> Outcome.of(at, Status.EITHER);
            case Node.Opaque() -> new Outcome(null, at.plusUnknown(), Status.EITHER);
        };
    }

    private Outcome sequence(Node.Sequence sequence, Span start) {
        Span at = start;
        Span ended = null;
        Status status = Status.SUCCESS;
        for (Node.Item item : sequence.items()) {
            Outcome outcome;
            if (item.background()) {
                outcome = inBackground(item.node(), at);
            } else {
                outcome = eval(item.node(), at);
                if (errexit && outcome.status() != Status.SUCCESS && outcome.next() != null) {
                    ended = Outcome.or(ended, outcome.next());
                }
            }
            ended = Outcome.or(ended, outcome.ended());
            status = outcome.status();
            at = outcome.next();
            if (at == null || (errexit && !item.background() && status == Status.FAILURE)) {
                return new Outcome(null, ended, status);
            }
        }
        return new Outcome(at, ended, status);
    }

    private Outcome inBackground(Node node, Span at) {
        Span end = eval(node, at).contained().next();
        Span after = at;
        if (end != null) {
            if (!detached(node)) {
                background = background == null ? end : background.and(end);
            }
            after = end.stopping() ? at.stop() : at;
        }
        return Outcome.of(after, Status.SUCCESS);
    }

    /** Whether it holds none of the command's output, so that nobody waits for it. */
    private static boolean detached(Node node) {
        List<Token.Redirection> redirections = switch (node) {
            case Node.Simple simple -> simple.redirections();
            case Node.Group group -> group.redirections();
            default -> List.of();
        };
        boolean output = false;
        boolean error = false;
        for (Token.Redirection redirection : redirections) {
            boolean duplicate =
                    redirection.duplicate() && redirection.target().text().equals("1");
            boolean file = !redirection.duplicate()
                    && !redirection.target().text().startsWith("/dev/std")
                    && !redirection.target().text().startsWith("/proc/");
            int descriptor = redirection.descriptor();
            output |= file && (descriptor == 1 || descriptor == -1);
            error |= descriptor == 2 ? file || (duplicate && output) : file && descriptor == -1;
        }
        return output && error;
    }

    private Outcome chain(Node.Chain chain, Span start) {
        Outcome left = eval(chain.first(), start);
        Span ended = left.ended();
        Span at = left.next();
        Status status = left.status();
        for (Node.Link link : chain.links()) {
            Status needed = link.onSuccess() ? Status.SUCCESS : Status.FAILURE;
            if (at == null) {
                break;
            }
            if (status == needed.not()) {
                continue;
            }
            Outcome right = eval(link.node(), at);
            ended = Outcome.or(ended, right.ended());
            boolean sure = status == needed;
            // Skipped, the chain has the status that made it skip.
            status = sure || right.status() == needed.not() ? right.status() : Status.EITHER;
            at = sure ? right.next() : Outcome.or(at, right.next());
        }
        return new Outcome(at, ended, status);
    }

    private Outcome pipeline(Node.Pipeline pipeline, Span at) {
        Span end = null;
        Status status = Status.EITHER;
        for (Node stage : pipeline.stages()) {
            Outcome outcome = eval(stage, at).contained();
            Span next = outcome.next() == null ? at.plusUnknown() : outcome.next();
            end = end == null ? next : end.and(next);
            status = outcome.status();
        }
        return new Outcome(end, null, status);
    }

    private Outcome group(Node.Group group, Span at) {
        Outcome outcome = eval(group.body(), at);
        return redirected(group.redirections(), at, group.subshell() ? outcome.contained() : outcome);
    }

    private Outcome branch(Node.If branch, Span at) {
        Outcome condition = eval(branch.condition(), at);
        Span start = condition.next();
        if (start == null) {
            return condition;
        }
        Outcome then = condition.status() == Status.FAILURE ? null : eval(branch.then(), start);
        Node node = branch.otherwise();
        Outcome otherwise = condition.status() == Status.SUCCESS
                ? null
                : node == null ? Outcome.of(start, Status.SUCCESS) : eval(node, start);
        Span next = Outcome.or(then == null ? null : then.next(), otherwise == null ? null : otherwise.next());
        Span ended = Outcome.or(then == null ? null : then.ended(), otherwise == null ? null : otherwise.ended());
        Status status = then == null
                ? otherwise == null ? Status.EITHER : otherwise.status()
                : otherwise == null || otherwise.status() == then.status() ? then.status() : Status.EITHER;
        return new Outcome(next, Outcome.or(condition.ended(), ended), status);
    }

    private Outcome simple(Node.Simple simple, Span start) {
        Span at = start;
        List<Token.Word> words = new ArrayList<>(simple.words());
        for (Token.Word word : words) {
            for (String script : word.substitutions()) {
                Span after = of(script, at, depth, false).next();
                at = after == null ? at.plusUnknown() : after;
            }
        }
        while (!words.isEmpty()
                && words.get(0).bare()
                && words.get(0).text().matches("[A-Za-z_][A-Za-z0-9_]*\\+?=.*")) {
            words.remove(0);
        }
        if (words.isEmpty()) {
            return Outcome.of(at, Status.EITHER);
        }
        Outcome outcome = builtin(words, at);
        if (outcome == null) {
            outcome = Programs.run(words, at, depth);
        }
        return redirected(simple.redirections(), at, outcome);
    }

    /** A command whose redirection fails is not run; only some targets are sure to be there and writable. */
    private static Outcome redirected(List<Token.Redirection> redirections, Span at, Outcome outcome) {
        boolean sure = redirections.stream()
                .allMatch(redirection -> redirection.duplicate()
                        || (redirection.target().literal()
                                && redirection
                                        .target()
                                        .text()
                                        .matches("/dev/(null|stdout|stderr|fd/[0-9]+)|/proc/(1|self)/fd/[0-9]+")));
        return sure ? outcome : new Outcome(Outcome.or(at, outcome.next()), outcome.ended(), Status.EITHER);
    }

    private @Nullable Outcome builtin(List<Token.Word> words, Span at) {
        List<Token.Word> arguments = words.subList(1, words.size());
        if (!words.get(0).literal()) {
            return null;
        }
        return switch (words.get(0).text()) {
            case "exit", "return", "logout" -> Outcome.exit(at);
            case "break", "continue" -> Outcome.of(at, Status.SUCCESS);
            case ":", "export", "unset", "local", "readonly", "alias", "declare", "typeset", "umask", "shopt" ->
                Outcome.of(at, Status.SUCCESS);
            case "cd", "test", "[", "getopts", "type", "hash", "ulimit", "shift" -> Outcome.of(at, Status.EITHER);
            case "set" -> set(arguments, at);
            case "trap" -> trap(arguments, at);
            case "wait" -> await(arguments, at);
            case "exec" -> exec(arguments, at);
            case "command", "builtin" -> command(arguments, at);
            case "eval" -> evalWords(arguments, at);
            case ".", "source" -> Outcome.of(at.plusUnknown(), Status.EITHER);
            default -> null;
        };
    }

    private Outcome set(List<Token.Word> arguments, Span at) {
        String before = "";
        for (Token.Word argument : arguments) {
            String text = argument.text();
            if (text.matches("-[a-zA-Z]*e[a-zA-Z]*") || (before.matches("-[a-zA-Z]*o") && text.equals("errexit"))) {
                errexit = true;
            } else if (text.matches("\\+[a-zA-Z]*e[a-zA-Z]*")) {
                errexit = false;
            }
            before = text;
        }
        return Outcome.of(at, Status.SUCCESS);
    }

    private Outcome trap(List<Token.Word> arguments, Span at) {
        if (arguments.size() > 1) {
            Token.Word action = arguments.get(0);
            boolean onExit = arguments.subList(1, arguments.size()).stream()
                    .anyMatch(signal -> !signal.literal()
                            || Set.of("EXIT", "0").contains(signal.text().toUpperCase(Locale.ROOT)));
            if (onExit && !action.text().equals("-")) {
                exitTrap = action.literal() ? action.text() : "trap-that-is-put-together-at-run-time";
            }
        }
        return Outcome.of(at, Status.SUCCESS);
    }

    private Outcome await(List<Token.Word> arguments, Span at) {
        if (background == null) {
            return Outcome.of(at, Status.EITHER);
        }
        Span both = at.and(background);
        Span end = arguments.isEmpty()
                ? both
                : new Span(at.lowerMillis(), both.upperMillis(), both.bounded(), both.stopping());
        return Outcome.of(end, arguments.isEmpty() ? Status.SUCCESS : Status.EITHER);
    }

    private Outcome exec(List<Token.Word> arguments, Span at) {
        if (arguments.isEmpty()) {
            return Outcome.of(at, Status.SUCCESS); // Only redirections.
        }
        if (arguments.get(0).text().startsWith("-")) {
            return new Outcome(null, at.plusUnknown(), Status.EITHER);
        }
        Span end = Programs.run(arguments, at, depth).contained().next();
        return new Outcome(null, end == null ? at.plusUnknown() : end, Status.EITHER);
    }

    private Outcome command(List<Token.Word> arguments, Span at) {
        if (arguments.isEmpty() || arguments.get(0).text().startsWith("-")) {
            return Outcome.of(at, Status.EITHER); // Looks a command up.
        }
        Outcome outcome = builtin(arguments, at);
        return outcome == null ? Programs.run(arguments, at, depth) : outcome;
    }

    private Outcome evalWords(List<Token.Word> arguments, Span at) {
        boolean literal = arguments.stream().allMatch(Token.Word::literal);
        String script =
                String.join(" ", arguments.stream().map(Token.Word::text).toList());
        return literal ? of(script, at, depth, errexit) : Outcome.of(at.plusUnknown(), Status.EITHER);
    }
}
