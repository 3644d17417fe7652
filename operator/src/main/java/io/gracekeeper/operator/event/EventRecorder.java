package io.gracekeeper.operator.event;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gracekeeper.operator.leader.Refusals;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sends Events (events.k8s.io/v1). Never blocks its caller and never fails it: Events are for people, and nothing may depend on
 * them. What can't be sent is counted ({@code gracekeeper_events_dropped_total}).
 *
 * <p>The same note about the same object is sent once in {@link #QUIET}. At most {@value #BURST} Events go out at once, then one
 * in {@link #INTERVAL}; what waits is limited to {@value #QUEUE}.
 */
public final class EventRecorder implements AutoCloseable {
    /** How long the same note about the same object is not repeated. */
    public static final Duration QUIET = Duration.ofMinutes(10);

    /** After a burst, one Event in so much time. */
    static final Duration INTERVAL = Duration.ofMillis(200);

    static final int BURST = 25;
    static final int QUEUE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final String CONTROLLER = "gracekeeper.io/operator";
    private static final int REMEMBERED = 2_000;
    private static final int MAX_INSTANCE = 128;
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

    private final KubernetesClient client;
    private final String instance;
    private final Clock clock;
    private final Counter sent;
    private final Counter dropped;
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Map<Said, Instant> said = new LinkedHashMap<>();
    private final AtomicLong unique;
    private final AtomicBoolean overflowing = new AtomicBoolean();
    private final Thread sender;
    private volatile boolean closing;

    private record Said(String uid, EventReason reason, String note) {}

    /**
     * Starts a thread that sends.
     *
     * @param instance the name of this pod, which becomes {@code reportingInstance}
     */
    public EventRecorder(KubernetesClient client, String instance, Clock clock, MeterRegistry meters) {
        this.client = client;
        this.instance = instance.length() <= MAX_INSTANCE ? instance : instance.substring(0, MAX_INSTANCE);
        this.clock = clock;
        this.sent = Counter.builder("gracekeeper.events.sent")
                .description("Kubernetes Events that were sent")
                .register(meters);
        this.dropped = Counter.builder("gracekeeper.events.dropped")
                .description("Kubernetes Events that could not be sent")
                .register(meters);
        this.unique = new AtomicLong(TimeUnit.MILLISECONDS.toNanos(clock.millis()));
        this.sender = Thread.ofVirtual().name("events").start(this::send);
    }

    /**
     * Sends an Event, soon.
     *
     * @param regarding what it speaks about; must have come from the API server, since an Event without a uid is not shown by
     *     {@code kubectl describe}
     * @param note for people; cut at 1 KB
     */
    public void record(HasMetadata regarding, EventReason reason, String note) {
        String text = EventText.note(note);
        if (closing || saidLately(new Said(regarding.getMetadata().getUid(), reason, text))) {
            return;
        }
        if (!queue.offer(event(regarding, reason, text))) {
            dropped.increment();
            if (!overflowing.getAndSet(true)) { // A flood needs no second one of lines.
                LOG.atWarn()
                        .addKeyValue("reason", reason.word())
                        .addKeyValue("object", HasMetadata.getFullResourceName(regarding.getClass()))
                        .addKeyValue("name", regarding.getMetadata().getName())
                        .log("Event dropped, and maybe more: too many are waiting");
            }
        }
    }

    private boolean saidLately(Said what) {
        Instant now = clock.instant();
        synchronized (said) {
            Instant before = said.get(what);
            if (before != null && before.plus(QUIET).isAfter(now)) {
                return true;
            }
            said.remove(what);
            said.put(what, now);
            if (said.size() > REMEMBERED) {
                said.remove(said.keySet().iterator().next());
            }
            return false;
        }
    }

    private Event event(HasMetadata regarding, EventReason reason, String note) {
        String namespace = Objects.requireNonNullElse(regarding.getMetadata().getNamespace(), "default");
        ObjectReference reference = new ObjectReferenceBuilder()
                .withApiVersion(regarding.getApiVersion())
                .withKind(regarding.getKind())
                .withNamespace(regarding.getMetadata().getNamespace())
                .withName(regarding.getMetadata().getName())
                .withUid(regarding.getMetadata().getUid())
                .withResourceVersion(regarding.getMetadata().getResourceVersion())
                .build();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(EventText.name(regarding.getMetadata().getName(), unique.incrementAndGet()))
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(clock.instant().atOffset(ZoneOffset.UTC))))
                .withReportingController(CONTROLLER)
                .withReportingInstance(instance)
                .withRegarding(reference)
                .withReason(reason.word())
                .withType(reason.severity().word())
                .withAction(reason.action())
                .withNote(note)
                .build();
    }

    private void send() {
        var bucket = new TokenBucket(BURST, INTERVAL, System.nanoTime());
        try {
            while (true) {
                Event event = queue.poll(100, TimeUnit.MILLISECONDS);
                if (event != null) {
                    waitForTurn(bucket);
                    create(event);
                } else if (closing) {
                    return;
                } else {
                    overflowing.set(false);
                }
            }
        } catch (InterruptedException closed) {
            dropped.increment(queue.size());
        }
    }

    private static void waitForTurn(TokenBucket bucket) throws InterruptedException {
        Duration wait = bucket.take(System.nanoTime());
        while (wait.isPositive()) {
            Thread.sleep(wait);
            wait = bucket.take(System.nanoTime());
        }
    }

    private void create(Event event) {
        try {
            client.events().v1().events().resource(event).create();
            sent.increment();
        } catch (KubernetesClientException e) {
            // A namespace that is going away refuses new Events, as it should; so may an RBAC that somebody tightened.
            dropped.increment();
            LOG.atLevel(Refusals.isOfGoingNamespace(e) ? Level.DEBUG : Level.WARN)
                    .addKeyValue("reason", event.getReason())
                    .addKeyValue("namespace", event.getMetadata().getNamespace())
                    .addKeyValue("name", event.getRegarding().getName())
                    .addKeyValue("status", e.getCode())
                    .log("Event not sent: {}", e.getMessage());
        }
    }

    /** Sends what waits, for at most two seconds, and stops. */
    @Override
    public void close() {
        closing = true;
        try {
            if (!sender.join(Duration.ofSeconds(2))) {
                sender.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
