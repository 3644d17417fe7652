package io.gracekeeper.runtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells whether some loop still turns: the loop calls {@link #beat}, and whoever asks {@link #isAlive} hears false once the last
 * beat is too long ago. The clock is monotonic and stands still while the machine sleeps.
 */
public final class Watchdog {
    private final long maxSilenceNanos;
    private final LongSupplier nanoTime;
    private volatile long lastBeat;

    /**
     * One that counts as alive from now on.
     *
     * @param maxSilence how long no beat may come before it counts as dead
     */
    public Watchdog(Duration maxSilence) {
        this(maxSilence, System::nanoTime);
    }

    Watchdog(Duration maxSilence, LongSupplier nanoTime) {
        this.maxSilenceNanos = maxSilence.toNanos();
        this.nanoTime = nanoTime;
        this.lastBeat = nanoTime.getAsLong();
    }

    /** Says that the loop still turns. */
    public void beat() {
        lastBeat = nanoTime.getAsLong();
    }

    /** Whether the last beat is recent enough. */
    public boolean isAlive() {
        return nanoTime.getAsLong() - lastBeat <= maxSilenceNanos;
    }

    /**
     * Beats from a virtual thread of its own, so that it falls silent where virtual threads no longer get a turn: all carriers
     * pinned or blocked, or the heap so full that nothing but collecting happens.
     *
     * @return the thread; interrupting it ends the beats
     */
    public Thread beatOnVirtualThread(Duration interval) {
        return Thread.ofVirtual().name("watchdog").start(() -> {
            try {
                while (true) {
                    beat();
                    Thread.sleep(interval);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
