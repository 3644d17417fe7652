package io.gracekeeper.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a process ends: named steps, one after the other, each with a time that it may take. A step that fails or takes too long is
 * said and passed over, so that the sum of the bounds is the longest that the end can take. Then the process exits, with 0 where
 * nobody asked for another code: a JVM alone would say 143 after SIGTERM, and a clean end would look like a crash.
 */
public final class ShutdownSequence {
    private static final Logger LOG = LoggerFactory.getLogger(ShutdownSequence.class);

    private final List<Step> steps = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger();
    private final AtomicBoolean started = new AtomicBoolean();

    /** Something to do that may fail. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it.
         *
         * @throws Exception if it fails, which is logged and stops nothing
         */
        void run() throws Exception;
    }

    private record Step(String name, Duration bound, Action action) {}

    /**
     * Adds a step after those that are there.
     *
     * @param name what a person reads when it takes too long
     * @param bound how long it may take; it is interrupted then
     */
    public synchronized ShutdownSequence step(String name, Duration bound, Action action) {
        steps.add(new Step(name, bound, action));
        return this;
    }

    /** Whether the end has begun: from then on the process is not ready. */
    public boolean isStarted() {
        return started.get();
    }

    /**
     * Has SIGTERM and SIGINT run the steps and end the process. To be called once, when everything that the steps touch exists.
     * Nobody else may call {@code System.exit} with a code other than 0 from then on: it would be lost. Use {@link #exit}.
     */
    public void installHook() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    run();
                    // Not a return: the JVM would go on to say 143. Everything that needs an orderly end is one of the
                    // steps.
                    Runtime.getRuntime().halt(exitCode.get());
                }));
    }

    /** Ends the process through the same steps. Must not be called from one of them. */
    public void exit(int code) {
        exit(code, System::exit);
    }

    void exit(int code, IntConsumer exit) {
        exitCode.compareAndSet(0, code);
        exit.accept(code);
    }

    /** Waits until all steps have run. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Runs the steps, once; a second call waits for the first. Must not be called from a step. */
    public void run() {
        if (!started.compareAndSet(false, true)) {
            awaitUninterruptibly();
            return;
        }
        LOG.info("Stopping");
        List<Step> all;
        synchronized (this) {
            all = List.copyOf(steps);
        }
        all.forEach(ShutdownSequence::run);
        LOG.info("Stopped");
        ended.countDown();
    }

    private void awaitUninterruptibly() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Step step) {
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("shutdown-" + step.name())
                .start(() -> {
                    try {
                        step.action().run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (Exception | Error e) {
                        LOG.atWarn()
                                .addKeyValue("step", step.name())
                                .setCause(e)
                                .log("A step of the stop failed");
                    }
                });
        try {
            if (!thread.join(step.bound())) {
                thread.interrupt();
                LOG.atWarn()
                        .addKeyValue("step", step.name())
                        .addKeyValue("bound", step.bound())
                        .log("A step of the stop took too long and was left behind");
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
