package io.gracekeeper.policy.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parsed script. */
sealed interface Node {
    /** One command. */
    record Simple(List<Token.Word> words, List<Token.Redirection> redirections) implements Node {
        public Simple {
            words = List.copyOf(words);
            redirections = List.copyOf(redirections);
        }
    }

    /** {@code a; b & c}. */
    record Sequence(List<Item> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** One part of a sequence. */
    record Item(Node node, boolean background) {}

    /** {@code a && b || c}, from left to right. */
    record Chain(Node first, List<Link> links) implements Node {
        public Chain {
            links = List.copyOf(links);
        }
    }

    /** What runs only if what is before it did, or didn't, succeed. */
    record Link(boolean onSuccess, Node node) {}

    /** {@code a | b}. */
    record Pipeline(List<Node> stages) implements Node {
        public Pipeline {
            stages = List.copyOf(stages);
        }
    }

    /** {@code ! a}. */
    record Not(Node node) implements Node {}

    /** {@code (a)} or, in the same shell, <code>{ a; }</code>. */
    record Group(Node body, boolean subshell, List<Token.Redirection> redirections) implements Node {
        public Group {
            redirections = List.copyOf(redirections);
        }
    }

    /** {@code if}. */
    record If(Node condition, Node then, @Nullable Node otherwise) implements Node {}

    /** A test in double brackets, which takes no time. */
    record Test() implements Node {}

    /** What can't be read, and everything after it: a loop, a function, a here-document. */
    record Opaque() implements Node {}
}
