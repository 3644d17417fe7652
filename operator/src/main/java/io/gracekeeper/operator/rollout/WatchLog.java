package io.gracekeeper.operator.rollout;

import io.gracekeeper.crds.Gap;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Since when pods are watched without a break, and when they were not. A watch that resumes from where it was cut loses
 * nothing; one that has to list again does (the API server had forgotten that far back, HTTP 410).
 */
final class WatchLog {
    private @Nullable Instant watchingSince;
    private @Nullable Instant lastSight;
    private final List<Gap> breaks = new ArrayList<>();

    /** Something was heard from the watch. */
    synchronized void sight(Instant now) {
        lastSight = now;
    }

    /** A list was finished: what happened before it, and after the last sight, was not watched. */
    synchronized void listed(Instant now) {
        if (watchingSince != null) {
            breaks.add(new Gap(seconds(lastSight == null ? watchingSince : lastSight), seconds(now)));
        }
        watchingSince = now;
        lastSight = now;
    }

    /** When the present unbroken watch began; null before the first list. */
    synchronized @Nullable Instant watchingSince() {
        return watchingSince;
    }

    /** The breaks since the last call, oldest first. */
    synchronized List<Gap> takeBreaks() {
        List<Gap> taken = List.copyOf(breaks);
        breaks.clear();
        return taken;
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
