package io.gracekeeper.cli.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one node of an object stands. Offsets are characters of the whole text.
 *
 * @param key of a mapping's member, as JSON has it; null for items and roots
 * @param keyStart where its key begins; where the node begins if it has none
 * @param start where it begins, its anchor and tag included
 * @param end behind its last character
 * @param style how it is written
 * @param merge whether it is a merge, {@code <<: *other}
 * @param children in the order of the text; empty for scalars and aliases
 * @param target what an alias stands for
 */
public record TextNode(
        @Nullable String key,
        int keyStart,
        int start,
        int end,
        Style style,
        boolean merge,
        List<TextNode> children,
        @Nullable TextNode target) {

    /** The node itself, or the one that it is an alias of. */
    public TextNode resolved() {
        return target == null ? this : target;
    }

    /** Whether it is a mapping. */
    public boolean isMapping() {
        return style == Style.BLOCK_MAPPING || style == Style.FLOW_MAPPING;
    }

    /** Whether it is a sequence. */
    public boolean isSequence() {
        return style == Style.BLOCK_SEQUENCE || style == Style.FLOW_SEQUENCE;
    }

    /** Whether it has brackets, as in JSON. */
    public boolean isFlow() {
        return style == Style.FLOW_MAPPING || style == Style.FLOW_SEQUENCE;
    }

    /** The member of that name that counts, written here; null where there is none, or it comes by a merge alone. */
    public @Nullable TextNode own(String name) {
        TextNode found = null;
        for (TextNode child : resolved().children) {
            if (!child.merge && name.equals(child.key)) {
                found = child;
            }
        }
        return found;
    }

    /** The member of that name that counts, wherever it is written; a later one wins, as for {@code kubectl}. */
    public @Nullable TextNode member(String name) {
        TextNode found = null;
        for (TextNode child : resolved().children) {
            if (child.merge) {
                TextNode merged = child.mergedMember(name);
                found = merged == null ? found : merged;
            } else if (name.equals(child.key)) {
                found = child;
            }
        }
        return found;
    }

    private @Nullable TextNode mergedMember(String name) {
        TextNode source = resolved();
        if (!source.isSequence()) {
            return source.member(name);
        }
        for (TextNode each : source.children) {
            TextNode found = each.member(name);
            if (found != null) {
                return found; // Of several sources the first wins.
            }
        }
        return null;
    }
}
