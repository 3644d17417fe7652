package io.gracekeeper.runtime;

import java.util.List;

/** The environment can't be made into a {@link Configuration}. The process must not start. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * Creates one.
     *
     * @param problems every problem, each naming the key, the value and what is allowed; at least one
     */
    public ConfigurationException(List<String> problems) {
        super("configuration refused:\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, each naming the key, the value and what is allowed. */
    public List<String> problems() {
        return problems;
    }
}
