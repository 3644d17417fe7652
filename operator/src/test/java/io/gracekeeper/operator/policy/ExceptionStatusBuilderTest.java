package io.gracekeeper.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.gracekeeper.crds.ShutdownExceptionStatus;
import io.gracekeeper.operator.Workloads;
import io.gracekeeper.policy.CompiledException;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.WorkloadKinds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The status of an exception")
class ExceptionStatusBuilderTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00.7Z");

    @ParameterizedTest(name = "ends {0}: Active {1} {2}, looked at again in {3}")
    @DisplayName("says whether it holds, and how soon that changes by time alone")
    @CsvSource({
        "2026-12-24T09:00:00Z, True, InForce, PT383H59M59.301S",
        "2026-12-08T09:00:00Z, True, EndsSoon, PT335H59M59.301S",
        "2026-11-24T09:00:01Z, True, EndsSoon, PT0.301S",
        "2026-11-24T09:00:00Z, False, Expired, ",
        "2026-01-01T00:00:00Z, False, Expired, ",
    })
    void active(Instant end, String status, String reason, Duration again) {
        CompiledException exception = exception(end);
        Condition active = condition(build(null, exception, NOW), "Active");
        assertThat(active.getStatus()).isEqualTo(status);
        assertThat(active.getReason()).isEqualTo(reason);
        assertThat(active.getMessage()).contains(end.toString());
        assertThat(ExceptionStatusBuilder.untilNext(exception, NOW)).isEqualTo(again);
    }

    @Test
    @DisplayName("is equal for equal inputs at another time, and keeps the time of a condition that says the same")
    void stable() {
        CompiledException exception = exception(Instant.parse("2026-12-24T09:00:00Z"));
        ShutdownExceptionStatus first = build(null, exception, NOW);
        assertThat(build(first, exception, NOW.plusSeconds(60))).isEqualTo(first);
        ShutdownExceptionStatus soon = build(first, exception, Instant.parse("2026-12-20T00:00:00Z"));
        assertThat(condition(soon, "Active").getReason()).isEqualTo("EndsSoon");
        assertThat(condition(soon, "Active").getLastTransitionTime()).isEqualTo("2026-11-24T09:00:00Z");
    }

    @Test
    @DisplayName("of an invalid one names every field that is wrong, and forgives nothing")
    void invalid() {
        var errors = List.of(new FieldError("spec.a", "is wrong"), new FieldError("spec.b", "is wrong too"));
        ShutdownExceptionStatus status =
                ExceptionStatusBuilder.build(null, new ExceptionStatusBuilder.Inputs(1, errors, null, 0), NOW);
        assertThat(condition(status, "Accepted").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Accepted").getMessage()).isEqualTo("spec.a: is wrong\nspec.b: is wrong too");
        assertThat(condition(status, "Active").getStatus()).isEqualTo("False");
        assertThat(status.forgiven()).isNull();
    }

    private static ShutdownExceptionStatus build(
            ShutdownExceptionStatus previous, CompiledException exception, Instant now) {
        return ExceptionStatusBuilder.build(
                previous, new ExceptionStatusBuilder.Inputs(1, List.of(), exception, 2), now);
    }

    private static CompiledException exception(Instant end) {
        return CompiledException.of(
                "shop", "vendor", Workloads.exception("vendor", "ledger", end).getSpec(), WorkloadKinds.BUILT_IN);
    }

    private static Condition condition(ShutdownExceptionStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
