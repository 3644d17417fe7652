package io.gracekeeper.operator.retrofit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.crds.Halt;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whether a retrofit stands still")
class HaltsTest {
    private static final Instant EDITED = Instant.parse("2026-11-24T09:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-24T09:05:00.5Z");

    @Test
    @DisplayName("nothing went wrong: no halt")
    void fine() {
        assertThat(Halts.decide(null, 1, null, List.of(), EDITED, NOW)).isNull();
    }

    @Test
    @DisplayName("something went wrong after the last edit: halt, with the workload, the reason and how to go on")
    void halts() {
        Halt halt = Halts.decide(null, 7, "x", List.of(seen(EDITED.plusSeconds(1))), EDITED, NOW);
        assertThat(halt).isNotNull();
        assertThat(halt.workload()).isEqualTo("Deployment/checkout");
        assertThat(halt.reason()).isEqualTo("NotAvailable");
        assertThat(halt.message()).startsWith("it hangs. No further").contains("gracekeeper.io/resume");
        assertThat(halt.since()).isEqualTo("2026-11-24T09:05:00Z");
        assertThat(halt.generation()).isEqualTo(7);
        assertThat(halt.resume()).isEqualTo("x");
    }

    @Test
    @DisplayName("what went wrong before the last edit is forgiven")
    void forgiven() {
        assertThat(Halts.decide(null, 1, null, List.of(seen(EDITED)), EDITED, NOW))
                .isNull();
    }

    @Test
    @DisplayName("what has no time is never forgiven")
    void timeless() {
        assertThat(Halts.decide(null, 1, null, List.of(seen(null)), EDITED, NOW))
                .isNotNull();
    }

    @Test
    @DisplayName("a halt stays as it is, also when nothing is wrong any more")
    void stays() {
        Halt halt = Halts.halt(seen(NOW), 7, "x", NOW);
        assertThat(Halts.decide(halt, 7, "x", List.of(), EDITED, NOW.plusSeconds(60)))
                .isSameAs(halt);
    }

    @Test
    @DisplayName("a new generation, or a new value of the annotation, lifts it")
    void lifted() {
        Halt halt = Halts.halt(seen(NOW), 7, null, NOW);
        assertThat(Halts.decide(halt, 8, null, List.of(), NOW, NOW)).isNull();
        assertThat(Halts.decide(halt, 7, "go", List.of(), NOW, NOW)).isNull();
        assertThat(Halts.decide(halt, 8, null, List.of(seen(NOW.plusSeconds(1))), NOW, NOW))
                .isNotNull();
    }

    private static Evidence seen(Instant at) {
        return new Evidence(HaltReason.NOT_AVAILABLE, "Deployment/checkout", "it hangs", at);
    }
}
