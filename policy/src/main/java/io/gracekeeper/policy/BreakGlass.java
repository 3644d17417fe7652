package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.Annotations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** The annotation with which somebody lets a workload through in an emergency: {@code <until, at most 24 h ahead> <reason>}. */
public sealed interface BreakGlass {
    /** How far ahead it may end. */
    Duration LONGEST = Duration.ofHours(24);

    /** Nobody asks for it. */
    record Absent() implements BreakGlass {}

    /**
     * It is in force.
     *
     * @param until its end
     * @param reason in the author's words
     */
    record Active(Instant until, String reason) implements BreakGlass {}

    /**
     * It is there and means nothing.
     *
     * @param why what to write in its place
     */
    record Unusable(String why) implements BreakGlass {}

    /** Of an update: its own, or else the old object's, since a rollback brings old annotations. */
    static BreakGlass of(JsonNode object, @Nullable JsonNode oldObject, Instant now) {
        BreakGlass own = of(object, now);
        if (own instanceof Active || oldObject == null) {
            return own;
        }
        return of(oldObject, now) instanceof Active before ? before : own;
    }

    /** Of an object. */
    static BreakGlass of(JsonNode object, Instant now) {
        JsonNode annotation = object.path("metadata").path("annotations").path(Annotations.BREAK_GLASS);
        if (!annotation.isTextual()) {
            return new Absent();
        }
        String value = annotation.textValue().strip();
        int space = value.indexOf(' ');
        String reason = space < 0 ? "" : value.substring(space + 1).strip();
        Instant until;
        try {
            until = OffsetDateTime.parse(space < 0 ? value : value.substring(0, space))
                    .toInstant();
        } catch (DateTimeException notRfc3339) {
            return new Unusable("write \"<until> <reason>\", as in \""
                    + now.plus(Duration.ofHours(2)).toString().substring(0, 16) + "Z INC-42 checkout is down\"");
        }
        if (reason.isEmpty()) {
            return new Unusable("a reason has to follow the time");
        }
        if (!until.isAfter(now)) {
            return new Unusable("it ended at " + until);
        }
        return until.isAfter(now.plus(LONGEST))
                ? new Unusable("it may end at most 24 h ahead, not at " + until)
                : new Active(until, reason);
    }
}
