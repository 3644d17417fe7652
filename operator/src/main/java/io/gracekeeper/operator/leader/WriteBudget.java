package io.gracekeeper.operator.leader;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** At most so many writes in any second, of everybody who shares it. */
public final class WriteBudget {
    /** What the operator may write in a second, all audits, statuses and reports together; Events have a bound of their own. */
    public static final int PER_SECOND = 40;

    private static final Duration WINDOW = Duration.ofSeconds(1);

    private final int perSecond;
    private final Deque<Instant> writes = new ArrayDeque<>();

    /** A budget of which nothing is taken. */
    public WriteBudget(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Whether {@code count} more may be written now; if so, they are taken. */
    public synchronized boolean take(int count, Instant now) {
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
