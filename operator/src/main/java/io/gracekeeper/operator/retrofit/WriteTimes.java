package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When objects were written, as their managed fields tell: the API server keeps a time for each writer. */
final class WriteTimes {
    private static final String OURS = "gracekeeper";

    private WriteTimes() {}

    /** When somebody other than us last changed its spec or metadata; the time of its creation where nothing better is known. */
    static Instant editedAt(HasMetadata object) {
        return entries(object)
                .filter(entry -> !OURS.equals(entry.getManager()) && isBlank(entry.getSubresource()))
                .map(entry -> instant(entry.getTime()))
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElseGet(() -> Objects.requireNonNullElse(
                        instant(object.getMetadata().getCreationTimestamp()), Instant.EPOCH));
    }

    /** When we last wrote to it; null where that can't be known. */
    static @Nullable Instant writtenByUsAt(HasMetadata object) {
        return entries(object)
                .filter(entry -> OURS.equals(entry.getManager()) && isBlank(entry.getSubresource()))
                .map(entry -> instant(entry.getTime()))
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
    }

    private static Stream<ManagedFieldsEntry> entries(HasMetadata object) {
        List<ManagedFieldsEntry> entries = object.getMetadata().getManagedFields();
        return entries == null ? Stream.empty() : entries.stream();
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static @Nullable Instant instant(@Nullable String time) {
        try {
            return time == null ? null : Instant.parse(time);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
