package io.gracekeeper.operator.retrofit;

import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.Halt;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a retrofit stands still. Pure. */
final class Halts {
    private Halts() {}

    /**
     * The halt that holds now.
     *
     * @param previous what the status says
     * @param generation of the policy
     * @param resume the value of its resume annotation
     * @param evidence what went wrong, the most telling first
     * @param editedAt when somebody last changed the policy's spec or metadata
     */
    static @Nullable Halt decide(
            @Nullable Halt previous,
            long generation,
            @Nullable String resume,
            List<Evidence> evidence,
            Instant editedAt,
            Instant now) {
        if (previous != null && previous.generation() == generation && Objects.equals(previous.resume(), resume)) {
            return previous;
        }
        return evidence.stream()
                .filter(seen -> !seen.isForgivenBy(editedAt))
                .findFirst()
                .map(seen -> halt(seen, generation, resume, now))
                .orElse(null);
    }

    /** A halt for something that was seen just now. */
    static Halt halt(Evidence seen, long generation, @Nullable String resume, Instant now) {
        return new Halt(
                seen.workload(),
                seen.reason().word(),
                seen.message() + ". No further workload is touched. To go on: fix it, then set the annotation "
                        + Annotations.RESUME + " of the policy to a new value, or change the policy",
                now.truncatedTo(ChronoUnit.SECONDS),
                generation,
                resume);
    }
}
