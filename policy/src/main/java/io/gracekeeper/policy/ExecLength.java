package io.gracekeeper.policy;

import io.gracekeeper.policy.command.CommandLength;
import io.gracekeeper.policy.command.Span;
import java.util.List;

/** How long an exec hook takes, as far as its command says. */
final class ExecLength {
    private static final long MILLIS = 1000;

    private ExecLength() {}

    static HookLength of(List<String> command) {
        Span span = CommandLength.of(command);
        long lower = span.lowerMillis() / MILLIS;
        return span.bounded()
                ? new HookLength.Known(lower, (span.upperMillis() + MILLIS - 1) / MILLIS)
                : new HookLength.Unknown(lower);
    }
}
