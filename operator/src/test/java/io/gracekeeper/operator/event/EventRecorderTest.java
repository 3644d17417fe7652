package io.gracekeeper.operator.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.operator.apiserver.FakeApiServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventRecorderTest {
    private final FakeApiServer api = new FakeApiServer();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T09:00:00.123456Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final EventRecorder recorder = new EventRecorder(api.client(), "gracekeeper-operator-0", clock, meters);

    @AfterEach
    void stop() {
        recorder.close();
        api.close();
    }

    @Test
    @DisplayName("an Event carries everything that the API server asks for")
    void complete() {
        recorder.record(policy("web", "u-1"), EventReason.RETROFIT_HALTED, "Deployment/checkout is not Available");
        Event event = await().until(() -> events(), list -> list.size() == 1).get(0);
        assertThat(event.getRegarding().getKind()).isEqualTo("GracefulShutdownPolicy");
        assertThat(event.getRegarding().getApiVersion()).isEqualTo("gracekeeper.io/v1alpha1");
        assertThat(event.getRegarding().getUid()).isEqualTo("u-1");
        assertThat(event.getMetadata().getNamespace()).isEqualTo("shop");
        assertThat(event.getReason()).isEqualTo("RetrofitHalted");
        assertThat(event.getType()).isEqualTo("Warning");
        assertThat(event.getAction()).isEqualTo("Retrofit");
        assertThat(event.getNote()).isEqualTo("Deployment/checkout is not Available");
        assertThat(event.getReportingController()).isEqualTo("gracekeeper.io/operator");
        assertThat(event.getReportingInstance()).isEqualTo("gracekeeper-operator-0");
        assertThat(event.getEventTime().getTime()).isEqualTo("2026-11-24T09:00:00.123456Z");
    }

    @Test
    @DisplayName("the same note is not repeated within ten minutes, another one is sent")
    void deduplicated() {
        recorder.record(policy("web", "u-1"), EventReason.RETROFIT_HALTED, "a");
        recorder.record(policy("web", "u-1"), EventReason.RETROFIT_HALTED, "a");
        recorder.record(policy("web", "u-1"), EventReason.RETROFIT_HALTED, "b");
        recorder.record(policy("web", "u-2"), EventReason.RETROFIT_HALTED, "a");
        now.set(now.get().plus(EventRecorder.QUIET));
        recorder.record(policy("web", "u-1"), EventReason.RETROFIT_HALTED, "a");
        await().until(() -> events().size() == 4);
        recorder.close();
        assertThat(events()).hasSize(4);
    }

    @Test
    @DisplayName("an Event that is refused is counted, and stops none of the others")
    void refused() {
        api.fail(request ->
                request.writes() && request.body().contains("refuse me") ? Optional.of(403) : Optional.empty());
        recorder.record(policy("web", "u-1"), EventReason.RETROFIT_HALTED, "refuse me");
        recorder.record(policy("web", "u-1"), EventReason.RETROFIT_HALTED, "let me in");
        await().until(() -> events().size() == 1);
        assertThat(meters.counter("gracekeeper.events.dropped").count()).isEqualTo(1);
        assertThat(meters.counter("gracekeeper.events.sent").count()).isEqualTo(1);
    }

    @Test
    @DisplayName("a flood is bounded: what does not fit is dropped and counted, and the caller never waits")
    void flood() {
        for (int i = 0; i < EventRecorder.QUEUE + 300; i++) {
            recorder.record(policy("web", "u-1"), EventReason.RETROFIT_HALTED, "note " + i);
        }
        assertThat(meters.counter("gracekeeper.events.dropped").count()).isGreaterThan(100);
        recorder.close();
        assertThat(events()).hasSizeBetween(EventRecorder.BURST, EventRecorder.BURST + 30);
    }

    private List<Event> events() {
        return api.client().events().v1().events().inNamespace("shop").list().getItems();
    }

    private static GracefulShutdownPolicy policy(String name, String uid) {
        var policy = new GracefulShutdownPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName(name)
                .withUid(uid)
                .build());
        return policy;
    }
}
