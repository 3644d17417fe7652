package io.gracekeeper.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What every replica remembers of ending pods: the one deliberately stateful place of the audit. It records and never judges.
 *
 * <p>Bounded: an entry is kept for a while after its pod is gone, so that a replica that takes over knows what the one
 * before it may not have written. Beyond the capacity the entry that is most likely written already is dropped, and counted:
 * a pod without an entry counts as unseen, never as clean.
 */
final class PodTerminationLedger {
    /** How long an entry outlives its pod; a takeover takes well under a minute. */
    static final Duration RETENTION = Duration.ofMinutes(15);

    private final int capacity;
    private final Map<String, LedgerEntry> entries = new LinkedHashMap<>();
    private long overflow;

    PodTerminationLedger(int capacity) {
        this.capacity = capacity;
    }

    synchronized Optional<LedgerEntry> get(String uid) {
        return Optional.ofNullable(entries.get(uid));
    }

    /** Changes the entry of a pod, or makes its first one. */
    synchronized void update(
            String uid, UnaryOperator<LedgerEntry> change, Function<String, @Nullable LedgerEntry> first) {
        LedgerEntry before = entries.get(uid);
        LedgerEntry after = before == null ? first.apply(uid) : change.apply(before);
        if (after == null) {
            return;
        }
        if (before == null && entries.size() >= capacity) {
            dropOne();
        }
        entries.put(uid, after);
    }

    /** Changes an entry that exists; does nothing where it is gone. */
    synchronized void change(String uid, UnaryOperator<LedgerEntry> change) {
        entries.computeIfPresent(uid, (key, entry) -> change.apply(entry));
    }

    private void dropOne() {
        String victim = entries.values().stream()
                .filter(entry -> entry.goneAt() != null)
                .map(LedgerEntry::uid)
                .findFirst()
                .orElseGet(
                        () -> Objects.requireNonNull(entries.keySet().iterator().next()));
        entries.remove(victim);
        overflow++;
    }

    /** A copy of all entries, oldest first. */
    synchronized List<LedgerEntry> entries() {
        return new ArrayList<>(entries.values());
    }

    /** Drops what has been gone for {@link #RETENTION}. */
    synchronized void purge(Instant now) {
        for (Iterator<LedgerEntry> all = entries.values().iterator(); all.hasNext(); ) {
            Instant goneAt = all.next().goneAt();
            if (goneAt != null && goneAt.plus(RETENTION).isBefore(now)) {
                all.remove();
            }
        }
    }

    /** Pods that are remembered. */
    synchronized int size() {
        return entries.size();
    }

    /** Entries that were dropped for want of room since the start. */
    synchronized long overflow() {
        return overflow;
    }
}
