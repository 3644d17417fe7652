package io.gracekeeper.operator.leader;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that the leader does again and again: at once when it starts to lead, then after the time that the last pass asked
 * for, or when somebody wakes it. A pass that fails is said once, tried again soon, and stops nothing.
 */
public final class LeaderLoop {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderLoop.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final String name;
    private final Supplier<Duration> pass;
    private final Semaphore wakeUps = new Semaphore(0);
    private @Nullable Thread thread;
    private volatile boolean stopped;
    private String lastFailure = "";

    /**
     * A loop that does not run yet.
     *
     * @param name of its thread
     * @param pass does it, and says how long to wait before the next time
     */
    public LeaderLoop(String name, Supplier<Duration> pass) {
        this.name = name;
        this.pass = pass;
    }

    /** Starts, once; later calls do nothing. */
    public synchronized void start() {
        if (thread == null && !stopped) {
            thread = Thread.ofVirtual().name(name).start(this::run);
        }
    }

    /** Has the next pass begin now, or right after the one that is under way. */
    public void wake() {
        wakeUps.release();
    }

    /** Ends it, after the pass that is under way, but within five seconds. It can't be started again. */
    public void stop() {
        Thread running;
        synchronized (this) {
            stopped = true;
            running = thread;
        }
        wake();
        if (running == null) {
            return;
        }
        try {
            if (!running.join(STOP)) {
                running.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopped) {
                Duration wait = once();
                boolean woken = wakeUps.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
                if (woken) {
                    wakeUps.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration once() {
        try {
            Duration wait = pass.get();
            lastFailure = "";
            return wait;
        } catch (RuntimeException e) {
            String failure = String.valueOf(e.getMessage());
            if (!failure.equals(lastFailure)) {
                LOG.atWarn()
                        .addKeyValue("loop", name)
                        .addKeyValue("failure", failure)
                        .log("Tried again in 5 s");
                LOG.debug("The failure in full", e);
                lastFailure = failure;
            }
            return AFTER_FAILURE;
        }
    }
}
