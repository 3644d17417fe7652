package io.gracekeeper.operator.report;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Hashes of what the reports say, by namespace: as the watch saw them, or as we are writing them. */
final class KnownReports {
    /** Empty where a write failed: it may have arrived or not. */
    private final Map<String, OptionalInt> hashes = new ConcurrentHashMap<>();

    Set<String> namespaces() {
        return hashes.keySet();
    }

    boolean has(String namespace) {
        return hashes.containsKey(namespace);
    }

    boolean says(String namespace, int hash) {
        return OptionalInt.of(hash).equals(hashes.get(namespace));
    }

    /** Whether what the watch saw is something else than what was known. */
    boolean saw(String namespace, int hash) {
        OptionalInt now = OptionalInt.of(hash);
        return !now.equals(hashes.put(namespace, now));
    }

    /** Writes a report. Before the write ends the watch may have seen it, and somebody's edit of it: that one stays known. */
    void write(String namespace, int hash, Runnable apply) {
        OptionalInt written = OptionalInt.of(hash);
        hashes.put(namespace, written);
        boolean done = false;
        try {
            apply.run();
            done = true;
        } finally {
            if (!done) {
                hashes.replace(namespace, written, OptionalInt.empty());
            }
        }
    }

    void remove(String namespace) {
        hashes.remove(namespace);
    }

    void clear() {
        hashes.clear();
    }
}
