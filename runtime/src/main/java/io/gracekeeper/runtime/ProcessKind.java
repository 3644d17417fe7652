package io.gracekeeper.runtime;

import java.time.Duration;
import java.util.Locale;

/** The two processes of Gracekeeper. They run from one image and differ in a few defaults. */
public enum ProcessKind {
    /** Answers admission reviews. Keeps serving for a while after SIGTERM, until no API server sends it reviews any more. */
    WEBHOOK(Duration.ofSeconds(5)),
    /** Keeps status, turns, audits and certificates. Serves nobody, so it can stop at once. */
    OPERATOR(Duration.ZERO);

    private final Duration defaultDrain;

    ProcessKind(Duration defaultDrain) {
        this.defaultDrain = defaultDrain;
    }

    /** How long it keeps serving after SIGTERM where the configuration doesn't say. */
    public Duration defaultDrain() {
        return defaultDrain;
    }

    /** The word for it in user agents, logs and messages. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
