package io.gracekeeper.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** At most so many writes in any second. Used by one thread. */
final class WriteBudget {
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private final int perSecond;
    private final Deque<Instant> writes = new ArrayDeque<>();

    WriteBudget(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Whether {@code writes} more may be made now; if so, they are taken. */
    boolean take(int count, Instant now) {
        while (!writes.isEmpty() && !writes.getFirst().plus(WINDOW).isAfter(now)) {
            writes.removeFirst();
        }
        if (writes.size() + count > perSecond) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            writes.addLast(now);
        }
        return true;
    }
}
