package io.gracekeeper.cli.manifest;

import java.util.List;

/**
 * Names on the command line that stand for nothing: a mistake of typing, so that nothing is judged. What is there and can't be read is
 * told instead, and the rest is judged.
 */
public final class MissingInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what isn't there.
     *
     * @param missing a line for each name, at least one
     */
    MissingInput(List<String> missing) {
        super(String.join("\n", missing), null, false, false);
    }
}
