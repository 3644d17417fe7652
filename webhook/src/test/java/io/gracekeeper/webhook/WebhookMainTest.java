package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.runtime.ReadinessGates;
import io.gracekeeper.runtime.ShutdownSequence;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The webhook's readiness")
class WebhookMainTest {
    @Test
    @DisplayName("names each thing that it waits for, until there is none, and the shutdown at the end")
    void namesWhatItWaitsFor() {
        var policies = new AtomicBoolean();
        var owners = new AtomicBoolean();
        var certificate = new AtomicBoolean();
        var warmUp = new CompletableFuture<Void>();
        var shutdown = new ShutdownSequence();
        ReadinessGates readiness =
                WebhookMain.readiness(policies::get, owners::get, certificate::get, warmUp, shutdown);

        assertThat(readiness.closed()).containsExactly("policies", "owners", "certificate", "warm-up");
        policies.set(true);
        assertThat(readiness.closed()).containsExactly("owners", "certificate", "warm-up");
        owners.set(true);
        assertThat(readiness.closed()).containsExactly("certificate", "warm-up");
        certificate.set(true);
        assertThat(readiness.closed()).containsExactly("warm-up");
        warmUp.complete(null);
        assertThat(readiness.closed()).isEmpty();
        shutdown.run();
        assertThat(readiness.closed()).containsExactly("shutdown");
    }
}
