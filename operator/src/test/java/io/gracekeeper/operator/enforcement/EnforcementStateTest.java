package io.gracekeeper.operator.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.operator.MovableClock;
import io.gracekeeper.operator.enforcement.Enforcement.State;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Enforcement")
class EnforcementStateTest {
    private static final CanaryOutcome REFUSED = new CanaryOutcome.Refused();
    private static final CanaryOutcome ADMITTED = new CanaryOutcome.NotRefused("Admitted", "it was admitted");
    private static final CanaryOutcome SILENCE = new CanaryOutcome.NoAnswer("nobody answers");

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-24T09:00:00Z"));
    private final EnforcementState state = new EnforcementState(clock);

    @Test
    @DisplayName("is not proven by a process that does not lead")
    void standby() {
        assertThat(state.current().state()).isEqualTo(State.NOT_PROVEN);
        assertThat(state.ageSeconds()).isNaN();
    }

    @Test
    @DisplayName("is unknown for a moment after a change of leader, and not proven when no try followed")
    void newLeader() {
        state.startLeading();
        assertThat(state.current().state()).isEqualTo(State.UNKNOWN);
        clock.pass(Duration.ofSeconds(10));
        assertThat(state.current().state()).isEqualTo(State.NOT_PROVEN);
        assertThat(state.current().reason()).isEqualTo("NotTried");
    }

    @Test
    @DisplayName("is proven by a refusal for two minutes and not a moment longer (law 18)")
    void law18() {
        state.add(REFUSED);
        assertThat(state.current().isProven()).isTrue();
        clock.pass(Duration.ofSeconds(119));
        assertThat(state.current().isProven()).isTrue();
        assertThat(state.ageSeconds()).isEqualTo(119);
        clock.pass(Duration.ofSeconds(1));
        assertThat(state.current().isProven()).isFalse();
        assertThat(state.current().reason()).isEqualTo("ProofTooOld");
    }

    @Test
    @DisplayName("is not proven from the moment on in which the canary was admitted")
    void admitted() {
        state.add(REFUSED);
        state.add(ADMITTED);
        assertThat(state.current().isProven()).isFalse();
        assertThat(state.current().reason()).isEqualTo("Admitted");
        assertThat(state.current().message()).isEqualTo("it was admitted");
    }

    @Test
    @DisplayName("outlives an API server that does not answer, but not for two minutes")
    void silence() {
        state.add(REFUSED);
        clock.pass(Duration.ofSeconds(60));
        state.add(SILENCE);
        assertThat(state.current().isProven()).isTrue();
        clock.pass(Duration.ofSeconds(60));
        assertThat(state.current().isProven()).isFalse();
        assertThat(state.current().reason()).isEqualTo("NoAnswer");
    }

    @Test
    @DisplayName("tells of changes, and of nothing else")
    void listeners() {
        var told = new AtomicInteger();
        state.onChange(told::incrementAndGet);
        state.add(REFUSED);
        state.add(REFUSED);
        assertThat(told).hasValue(1);
        state.add(ADMITTED);
        assertThat(told).hasValue(2);
        state.add(REFUSED);
        clock.pass(Duration.ofMinutes(2));
        state.tellOfChange();
        assertThat(told).hasValue(4);
    }
}
