package io.gracekeeper.policy;

import io.gracekeeper.crds.ExceptionTarget;
import io.gracekeeper.crds.ShutdownExceptionSpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with an exception, all of it at once. */
public final class ExceptionValidator {
    private final WorkloadKinds kinds;
    private final List<FieldError> errors = new ArrayList<>();

    private ExceptionValidator(WorkloadKinds kinds) {
        this.kinds = kinds;
    }

    /**
     * Every error, in the order of the fields; empty where it is valid. An exception that has expired is valid, and means nothing.
     *
     * @param latest the last moment at which it may end; null where that was checked when it was written
     */
    public static List<FieldError> validate(
            @Nullable ShutdownExceptionSpec spec, WorkloadKinds kinds, @Nullable Instant latest) {
        if (spec == null) {
            return List.of(new FieldError("spec", "is missing: write target, rules, reason and expiresAt"));
        }
        var validator = new ExceptionValidator(kinds);
        validator.target(spec.target());
        validator.rules(spec.rules());
        if (spec.reason() == null || spec.reason().isBlank()) {
            validator.error("spec.reason", "is missing: say why, for the people who find it");
        }
        validator.expiresAt(spec.expiresAt(), latest);
        return List.copyOf(validator.errors);
    }

    /** The last moment at which an exception that is written now may end. */
    public static Instant latest(Instant now) {
        return now.plus(Duration.ofDays(ShutdownExceptionSpec.MAX_DAYS));
    }

    private void target(@Nullable ExceptionTarget target) {
        String kind = target == null ? null : target.kind();
        if (kind == null || kinds.named(kind) == null) {
            error("spec.target.kind", PolicyValidator.unknownKind(kind, kinds));
        }
        List<String> names = target == null ? null : target.names();
        if (names == null || names.isEmpty()) {
            error("spec.target.names", "is empty: name at least one workload");
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).indexOf('*') >= 0) {
                error("spec.target.names[" + i + "]", "name each workload: there is no wildcard");
            }
        }
    }

    private void rules(@Nullable List<String> rules) {
        if (rules == null || rules.isEmpty()) {
            error("spec.rules", "is empty: name at least one of " + String.join(", ", Rule.judgedWords()));
            return;
        }
        for (int i = 0; i < rules.size(); i++) {
            PolicyValidator.rule("spec.rules[" + i + "]", rules.get(i), errors);
        }
        if (new HashSet<>(rules).size() < rules.size()) {
            error("spec.rules", "each rule may appear once");
        }
    }

    private void expiresAt(@Nullable String expiresAt, @Nullable Instant latest) {
        Instant end;
        try {
            end = OffsetDateTime.parse(expiresAt == null ? "" : expiresAt).toInstant();
        } catch (DateTimeException notRfc3339) {
            error("spec.expiresAt", "\"" + expiresAt + "\" is no time: write RFC 3339, as in 2027-03-01T00:00:00Z");
            return;
        }
        if (latest != null && end.isAfter(latest)) {
            error(
                    "spec.expiresAt",
                    end + " is more than " + ShutdownExceptionSpec.MAX_DAYS + " days ahead: the latest is " + latest);
        }
    }

    private void error(String path, String message) {
        errors.add(new FieldError(path, message));
    }
}
