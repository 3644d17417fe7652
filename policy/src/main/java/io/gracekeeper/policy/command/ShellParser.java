package io.gracekeeper.policy.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses the part of the POSIX shell grammar whose length can be known. From the first thing on that is beyond it (a loop, a
 * function, a {@code case}) the rest is one {@link Node.Opaque}.
 */
final class ShellParser {
    private static final int MAX_DEPTH = 40;
    private static final Set<String> BEYOND =
            Set.of("while", "until", "for", "case", "select", "function", "coproc", "do", "done", "esac", "in");
    private static final Set<String> CLOSERS = Set.of("then", "elif", "else", "fi", "}");

    private final List<Token> tokens;
    private int at;
    private boolean beyond;
    private int depth;

    private ShellParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Parses a script; never throws. */
    static Node parse(String script) {
        List<Token> tokens = ShellLexer.tokens(script);
        if (tokens == null) {
            return new Node.Opaque();
        }
        ShellParser parser = new ShellParser(tokens);
        Node node = parser.sequence();
        return parser.at < tokens.size() && !parser.beyond ? new Node.Opaque() : node;
    }

    private @Nullable Token peek() {
        return at < tokens.size() ? tokens.get(at) : null;
    }

    private boolean operator(String text) {
        return peek() instanceof Token.Operator(String operator) && operator.equals(text);
    }

    private boolean word(String reserved) {
        return peek() instanceof Token.Word word && word.is(reserved);
    }

    private boolean take(boolean matches) {
        at += matches ? 1 : 0;
        return matches;
    }

    private Node opaque() {
        beyond = true;
        return new Node.Opaque();
    }

    private Node sequence() {
        if (++depth > MAX_DEPTH) {
            return opaque();
        }
        List<Node.Item> items = new ArrayList<>();
        while (!beyond) {
            while (take(operator(";"))) {
                // Empty lines and the separator itself.
            }
            if (peek() == null || operator(")") || closer()) {
                break;
            }
            Node node = chain();
            items.add(new Node.Item(node, !beyond && take(operator("&"))));
        }
        depth--;
        return new Node.Sequence(items);
    }

    private boolean closer() {
        return peek() instanceof Token.Word word && word.bare() && word.literal() && CLOSERS.contains(word.text());
    }

    private Node chain() {
        Node first = pipeline();
        List<Node.Link> links = new ArrayList<>();
        while (!beyond && (operator("&&") || operator("||"))) {
            boolean onSuccess = operator("&&");
            at++;
            while (take(operator(";"))) {
                // A line may end after the operator.
            }
            links.add(new Node.Link(onSuccess, pipeline()));
        }
        return links.isEmpty() ? first : new Node.Chain(first, links);
    }

    private Node pipeline() {
        boolean not = take(word("!"));
        List<Node> stages = new ArrayList<>();
        stages.add(command());
        while (!beyond && (take(operator("|")) || take(operator("|&")))) {
            while (take(operator(";"))) {
                // A line may end after the operator.
            }
            stages.add(command());
        }
        Node node = stages.size() == 1 ? stages.get(0) : new Node.Pipeline(stages);
        return not ? new Node.Not(node) : node;
    }

    private Node command() {
        if (take(operator("("))) {
            Node body = sequence();
            return beyond || take(operator(")")) ? new Node.Group(body, true, redirections()) : opaque();
        }
        if (take(word("{"))) {
            Node body = sequence();
            return beyond || take(word("}")) ? new Node.Group(body, false, redirections()) : opaque();
        }
        if (take(word("if"))) {
            return branch();
        }
        if (take(word("[["))) {
            return test();
        }
        return simple();
    }

    private Node branch() {
        if (depth > MAX_DEPTH) {
            return opaque();
        }
        Node condition = sequence();
        if (beyond || !take(word("then"))) {
            return prefix(condition);
        }
        Node then = sequence();
        Node otherwise = null;
        if (!beyond && take(word("elif"))) {
            depth++;
            otherwise = branch(); // It takes the one "fi" that they share.
            depth--;
            return new Node.If(condition, then, otherwise);
        }
        if (!beyond && take(word("else"))) {
            otherwise = sequence();
        }
        if (beyond || !take(word("fi"))) {
            return prefix(condition);
        }
        return new Node.If(condition, then, otherwise);
    }

    /** What is sure to run before the part that can't be read. */
    private Node prefix(Node before) {
        return new Node.Sequence(List.of(new Node.Item(before, false), new Node.Item(opaque(), false)));
    }

    private Node test() {
        while (peek() != null) {
            if (take(word("]]"))) {
                return new Node.Test();
            }
            at++;
        }
        return opaque();
    }

    private Node simple() {
        List<Token.Word> words = new ArrayList<>();
        List<Token.Redirection> redirections = new ArrayList<>();
        while (true) {
            if (peek() instanceof Token.Word word) {
                if (words.isEmpty() && word.bare() && word.literal() && BEYOND.contains(word.text())) {
                    return opaque();
                }
                words.add(word);
                at++;
            } else if (peek() instanceof Token.Redirection redirection) {
                redirections.add(redirection);
                at++;
            } else {
                break;
            }
        }
        if (operator("(") || operator(";;") || (words.isEmpty() && redirections.isEmpty())) {
            return opaque();
        }
        return new Node.Simple(words, redirections);
    }

    private List<Token.Redirection> redirections() {
        List<Token.Redirection> redirections = new ArrayList<>();
        while (!beyond && peek() instanceof Token.Redirection redirection) {
            redirections.add(redirection);
            at++;
        }
        return redirections;
    }
}
