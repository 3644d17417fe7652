package io.gracekeeper.operator.retrofit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.operator.MovableClock;
import io.gracekeeper.operator.Workloads;
import io.gracekeeper.operator.apiserver.FakeApiServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is newer than the informer")
class FreshDeploymentsTest {
    private final FakeApiServer api = new FakeApiServer();
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-24T09:00:00Z"));
    private final FreshDeployments fresh = new FreshDeployments(api.client(), clock);

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    @DisplayName("is the answer to a touch, until the informer has it too")
    void answer() {
        Deployment cached = create("checkout");
        Deployment answer = touched(cached);
        fresh.answered(answer);
        assertThat(fresh.newest(cached)).isEqualTo(answer);
        assertThat(fresh.newest(answer)).isEqualTo(answer);
        assertThat(fresh.newer()).isEmpty();
    }

    @Test
    @DisplayName("is what a predecessor touched last")
    void predecessor() {
        Deployment cached = create("checkout");
        create("untouched");
        Deployment answer = touched(cached);
        fresh.catchUp();
        assertThat(fresh.newer()).containsOnlyKeys(cached.getMetadata().getUid());
        assertThat(FreshDeployments.touch(fresh.newest(cached))).isEqualTo("hash");
        assertThat(answer.getMetadata().getUid()).isEqualTo(cached.getMetadata().getUid());
    }

    @Test
    @DisplayName("is what became of a touch whose answer was lost")
    void lost() {
        fresh.catchUp();
        Deployment cached = create("checkout");
        touched(cached);
        fresh.lost(cached);
        fresh.catchUp();
        assertThat(FreshDeployments.touch(fresh.newest(cached))).isEqualTo("hash");
    }

    @Test
    @DisplayName("is forgotten when the workload is gone, so that it takes up no place for ever")
    void gone() {
        fresh.catchUp();
        Deployment cached = create("checkout");
        fresh.answered(touched(cached));
        api.client().resource(cached).delete();
        fresh.catchUp();
        assertThat(fresh.newer()).as("the watch may lag").hasSize(1);
        clock.pass(Duration.ofSeconds(16));
        fresh.catchUp();
        assertThat(fresh.newer()).isEmpty();
    }

    private Deployment create(String name) {
        return api.client().resource(Workloads.serving(name, 1)).create();
    }

    private Deployment touched(Deployment deployment) {
        return api.client()
                .apps()
                .deployments()
                .inNamespace(Workloads.NAMESPACE)
                .withName(deployment.getMetadata().getName())
                .edit(found -> {
                    found.getMetadata().setAnnotations(Map.of("gracekeeper.io/inject", "hash"));
                    return found;
                });
    }
}
