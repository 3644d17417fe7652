package io.gracekeeper.operator.enforcement;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What the canary's outcomes say about enforcement. A proof goes stale by itself. */
public final class EnforcementState {
    /** How long a new leader may take for its first try before it says that there was none. */
    private static final Duration FIRST_TRY = Duration.ofSeconds(10);

    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Instant leadsSince;
    private @Nullable Instant refusedAt;
    private @Nullable CanaryOutcome last;
    private @Nullable Enforcement told;

    /** The state of a process that does not lead yet. */
    public EnforcementState(Clock clock) {
        this.clock = clock;
    }

    /** Has somebody told whenever {@link #current} begins to answer something else. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    synchronized void startLeading() {
        leadsSince = clock.instant();
    }

    void add(CanaryOutcome outcome) {
        synchronized (this) {
            last = outcome;
            if (outcome instanceof CanaryOutcome.Refused) {
                refusedAt = clock.instant();
            }
        }
        tellOfChange();
    }

    /** Tells the listeners where the answer is another one than they were last told, be it by time alone. */
    void tellOfChange() {
        boolean changed;
        synchronized (this) {
            Enforcement now = current();
            changed = told == null
                    || told.state() != now.state()
                    || !told.reason().equals(now.reason())
                    || !told.message().equals(now.message());
            told = now;
        }
        if (changed) {
            listeners.forEach(Runnable::run);
        }
    }

    /** What is known now. */
    public synchronized Enforcement current() {
        Instant now = clock.instant();
        Instant refused = refusedAt;
        boolean fresh = refused != null && Duration.between(refused, now).compareTo(Enforcement.PROOF) < 0;
        return switch (last) {
            case null -> notTried(now);
            case CanaryOutcome.NotRefused(String reason, String message) ->
                new Enforcement(Enforcement.State.NOT_PROVEN, reason, message, refused);
            case CanaryOutcome.Refused r when fresh -> proven(refused);
            case CanaryOutcome.NoAnswer n when fresh -> proven(refused);
            case CanaryOutcome.NoAnswer(String message) ->
                new Enforcement(Enforcement.State.NOT_PROVEN, "NoAnswer", message, refused);
            case CanaryOutcome.Refused r ->
                new Enforcement(
                        Enforcement.State.NOT_PROVEN,
                        "ProofTooOld",
                        "the last refusal of a Deployment that breaks a rule is more than two minutes old",
                        refused);
        };
    }

    private static Enforcement proven(@Nullable Instant refused) {
        return new Enforcement(
                Enforcement.State.PROVEN,
                "Refused",
                "the API server refuses Deployments that break a rule: proven every minute by a dry run",
                refused);
    }

    private Enforcement notTried(Instant now) {
        boolean soon = leadsSince != null && now.isBefore(leadsSince.plus(FIRST_TRY));
        return new Enforcement(
                soon ? Enforcement.State.UNKNOWN : Enforcement.State.NOT_PROVEN,
                "NotTried",
                "no dry run of a Deployment that breaks a rule has been tried yet",
                null);
    }

    /** Seconds since the last refusal; NaN where there was none. */
    public synchronized double ageSeconds() {
        return refusedAt == null
                ? Double.NaN
                : Duration.between(refusedAt, clock.instant()).toMillis() / 1000.0;
    }
}
