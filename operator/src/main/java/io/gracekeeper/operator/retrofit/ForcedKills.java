package io.gracekeeper.operator.retrofit;

import io.gracekeeper.crds.End;
import io.gracekeeper.crds.EndResult;
import io.gracekeeper.crds.EndSettings;
import io.gracekeeper.crds.RolloutAudit;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks for pods that were killed although they had the injected settings. Old pods still die with old ones: no evidence. */
final class ForcedKills {
    private ForcedKills() {}

    /**
     * The latest such kill of a workload.
     *
     * @param uid of the workload
     * @param audits of its namespace
     */
    static Optional<Evidence> find(Collection<RolloutAudit> audits, String uid, String workload) {
        return audits.stream()
                .filter(audit -> audit.getSpec() != null
                        && audit.getSpec().workload().uid().equals(uid)
                        && audit.getStatus() != null
                        && audit.getStatus().ends() != null)
                .flatMap(audit -> audit.getStatus().ends().stream())
                .filter(end -> end.result() == EndResult.FORCED_KILL && end.settings() == EndSettings.CURRENT)
                .map(end -> new Evidence(HaltReason.FORCED_KILL, workload, message(workload, end), at(end)))
                .max(Comparator.comparing(seen -> Objects.requireNonNullElse(seen.at(), Instant.MAX)));
    }

    private static String message(String workload, End end) {
        return workload + ": pod " + end.pod() + " had the injected settings and was killed all the same"
                + (end.grace() == null ? "" : ", at the end of its " + end.grace() + " s");
    }

    private static @Nullable Instant at(End end) {
        return end.t0() == null ? null : end.t0().plusSeconds(Objects.requireNonNullElse(end.endedAfter(), 0L));
    }
}
