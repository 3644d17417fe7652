package io.gracekeeper.operator.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The last revisions of one Deployment and when each began: an end belongs to the newest one at its t0. */
final class Timeline {
    private static final int REMEMBERED = 16;

    private final NavigableMap<Long, Revision> revisions = new TreeMap<>();

    /** Notes what is the newest revision now. The first start that was seen of a revision stays. */
    void note(Revision revision) {
        Revision before = revisions.get(revision.number());
        revisions.put(
                revision.number(),
                before == null
                        ? revision
                        : new Revision(
                                before.number(),
                                before.start(),
                                revision.replicaSetUid() == null ? before.replicaSetUid() : revision.replicaSetUid()));
        if (revisions.size() > REMEMBERED) {
            revisions.pollFirstEntry();
        }
    }

    Optional<Revision> newest() {
        return Optional.ofNullable(revisions.lastEntry()).map(Map.Entry::getValue);
    }

    Optional<Revision> oldest() {
        return Optional.ofNullable(revisions.firstEntry()).map(Map.Entry::getValue);
    }

    /** The revisions after this one, in order; of those before the first known one, none. */
    List<Revision> after(long number) {
        return number == 0
                ? newest().stream().toList()
                : List.copyOf(revisions.tailMap(number, false).values());
    }

    /** The newest revision at a time of the API server's clock; empty for a time before the first known one. */
    Optional<Revision> at(Instant time) {
        return revisions.descendingMap().values().stream()
                .filter(revision -> !revision.start().isAfter(time))
                .findFirst();
    }
}
