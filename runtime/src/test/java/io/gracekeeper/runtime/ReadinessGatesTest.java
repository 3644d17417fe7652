package io.gracekeeper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Gates and watchdog")
class ReadinessGatesTest {
    @Test
    @DisplayName("name what doesn't hold, in order, and follow it as it changes")
    void nameWhatDoesNotHold() {
        var certificate = new AtomicBoolean();
        var gates = new ReadinessGates();
        gates.require("policies", () -> true);
        gates.require("certificate", certificate::get);
        gates.require("broken", () -> {
            throw new IllegalStateException("boom");
        });

        assertThat(gates.closed()).containsExactly("certificate", "broken");
        certificate.set(true);
        assertThat(gates.closed()).containsExactly("broken");
    }

    @Test
    @DisplayName("refuse a second condition of the same name, which would hide the first")
    void refuseSameName() {
        var gates = new ReadinessGates();
        gates.require("policies", () -> true);

        assertThatIllegalArgumentException().isThrownBy(() -> gates.require("policies", () -> false));
    }

    @Test
    @DisplayName("A watchdog is dead once the last beat is too long ago, and lives again with the next one")
    void watchdog() {
        var now = new AtomicLong(Long.MAX_VALUE); // nanoTime may wrap round
        var watchdog = new Watchdog(Duration.ofSeconds(30), now::get);

        now.addAndGet(Duration.ofSeconds(30).toNanos());
        assertThat(watchdog.isAlive()).isTrue();
        now.addAndGet(1);
        assertThat(watchdog.isAlive()).isFalse();
        watchdog.beat();
        assertThat(watchdog.isAlive()).isTrue();
    }
}
