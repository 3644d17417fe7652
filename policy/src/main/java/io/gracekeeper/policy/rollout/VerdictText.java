package io.gracekeeper.policy.rollout;

import io.gracekeeper.crds.EndCounts;
import io.gracekeeper.crds.Verdict;
import java.util.ArrayList;
import java.util.List;

/** The words for a verdict: the same in conditions, Events and on the command line. */
public final class VerdictText {
    private VerdictText() {}

    /** One sentence without its full stop, for instance {@code 2 of 6 old pods were killed at the end of their grace}. */
    public static String sentence(Verdict verdict, EndCounts counts) {
        return switch (verdict) {
            case IN_PROGRESS -> ended(counts) + " of " + oldPods(counts.expected()) + " ended so far";
            case NO_FORCED_KILL ->
                counts.expected() == 1
                        ? "the old pod ended by itself"
                        : "all %d old pods ended by themselves".formatted(counts.expected());
            case FORCED_KILL ->
                "%d of %s %s killed at the end of %s grace"
                        .formatted(
                                counts.forced(),
                                oldPods(counts.expected()),
                                was(counts.forced()),
                                their(counts.forced()));
            case UNGRACEFUL ->
                "no old pod was killed at the end of its grace, but of %d %s"
                        .formatted(counts.expected(), badEnds(counts));
            case UNVERIFIED ->
                counts.unseen() == 0
                        ? "nobody watched its start, so that pods may have ended unseen; of the %d seen all ended by themselves"
                                .formatted(counts.expected())
                        : "nobody saw how %d of %s ended; the others ended by themselves"
                                .formatted(counts.unseen(), oldPods(counts.expected()));
            case NOTHING_ENDED -> "there was no old pod to end";
        };
    }

    private static String badEnds(EndCounts counts) {
        List<String> parts = new ArrayList<>();
        if (counts.oom() > 0) {
            parts.add(counts.oom() + " ran out of memory");
        }
        if (counts.error() > 0) {
            parts.add(counts.error() + " ended with an error");
        }
        if (counts.unseen() > 0) {
            parts.add("nobody saw how " + counts.unseen() + " ended");
        }
        return String.join(", ", parts);
    }

    private static int ended(EndCounts counts) {
        return counts.clean() + counts.forced() + counts.oom() + counts.error() + counts.unseen();
    }

    private static String oldPods(int count) {
        return count == 1 ? "1 old pod" : count + " old pods";
    }

    private static String was(int count) {
        return count == 1 ? "was" : "were";
    }

    private static String their(int count) {
        return count == 1 ? "its" : "their";
    }
}
