package io.gracekeeper.webhook;

import io.gracekeeper.policy.Decision.Passage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The numbers of the webhook. Their names are part of what we promise to dashboards. */
final class WebhookMetrics {
    /** Reviews by path and outcome; the outcome {@code failed} is our own failure, {@code malformed} somebody's nonsense. */
    static final String REVIEWS = "gracekeeper.reviews";

    /** How long answers take, by path, without reading and writing the connection. */
    static final String DURATION = "gracekeeper.review.duration";

    /** Requests that are being answered right now. */
    static final String IN_FLIGHT = "gracekeeper.reviews.in.flight";

    /** When the serving certificate ends, in seconds since 1970; 0 while there is none. */
    static final String CERTIFICATE_END = "gracekeeper.serving.certificate.not.after";

    /** Requests, but for dry runs, that would have been refused and passed all the same, by what let them through. */
    static final String PASSAGES = "gracekeeper.passages";

    private record Key(AdmissionPath path, String outcome) {}

    private final MeterRegistry registry;
    private final Map<AdmissionPath, Timer> durations = new EnumMap<>(AdmissionPath.class);
    private final Map<Passage, Counter> passages = new EnumMap<>(Passage.class);
    private final Map<Key, Counter> reviews = new ConcurrentHashMap<>();

    WebhookMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Passage passage : List.of(Passage.BREAK_GLASS, Passage.ROLLBACK)) {
            // From the start, so that an alert on an increase sees the first one too.
            passages.put(
                    passage,
                    Counter.builder(PASSAGES)
                            .description("Requests that would have been refused, and passed all the same")
                            .tag("passage", word(passage))
                            .register(registry));
        }
        for (AdmissionPath path : AdmissionPath.values()) {
            durations.put(
                    path,
                    Timer.builder(DURATION)
                            .description("Time from the whole body to the whole answer")
                            .tag("path", word(path))
                            .serviceLevelObjectives(
                                    Duration.ofMillis(1),
                                    Duration.ofMillis(5),
                                    Duration.ofMillis(25),
                                    Duration.ofMillis(100),
                                    Duration.ofMillis(500),
                                    Duration.ofSeconds(3))
                            .register(registry));
        }
    }

    void passed(Passage passage) {
        Counter counter = passages.get(passage);
        if (counter != null) {
            counter.increment();
        }
    }

    void answered(AdmissionPath path, String outcome, long nanos) {
        reviews.computeIfAbsent(new Key(path, outcome), this::counter).increment();
        Timer timer = durations.get(path);
        if (timer != null) {
            timer.record(Duration.ofNanos(nanos));
        }
    }

    void inFlight(Supplier<Number> count) {
        Gauge.builder(IN_FLIGHT, count)
                .description("Requests that are being answered right now")
                .register(registry);
    }

    void certificateEnd(Supplier<Number> epochSeconds) {
        Gauge.builder(CERTIFICATE_END, epochSeconds)
                .baseUnit("seconds")
                .description("When the serving certificate ends, since 1970; 0 while there is none")
                .register(registry);
    }

    private Counter counter(Key key) {
        return Counter.builder(REVIEWS)
                .description("Admission reviews by path and outcome")
                .tag("path", word(key.path()))
                .tag("outcome", key.outcome())
                .register(registry);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
