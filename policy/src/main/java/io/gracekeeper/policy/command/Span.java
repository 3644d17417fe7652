package io.gracekeeper.policy.command;

/**
 * Time that has passed since a command started, as an interval.
 *
 * @param lowerMillis what is sure to have passed while the container still serves; at least 0
 * @param upperMillis the most that can have passed; at least {@code lowerMillis}; of no meaning where {@code bounded} is false
 * @param bounded whether there is an upper end that can be known
 * @param stopping whether something has told the server to stop: time that passes from then on is no drain delay any more
 */
public record Span(long lowerMillis, long upperMillis, boolean bounded, boolean stopping) {
    /** Nothing has passed. */
    static final Span ZERO = new Span(0, 0, true, false);

    /** Sums stop here (31 years), so that they can't overflow. */
    static final long MAX_MILLIS = 1_000_000_000_000L;

    /** So much later. */
    Span plus(long lower, long upper) {
        return new Span(
                Math.min(MAX_MILLIS, lowerMillis + (stopping ? 0 : lower)),
                Math.min(MAX_MILLIS, upperMillis + upper),
                bounded,
                stopping);
    }

    /** As much later as that took from its own zero. */
    Span plus(Span length) {
        Span sum = plus(length.lowerMillis, length.upperMillis);
        return new Span(sum.lowerMillis, sum.upperMillis, bounded && length.bounded, stopping || length.stopping);
    }

    /** Later by nobody knows how much. */
    Span plusUnknown() {
        return new Span(lowerMillis, upperMillis, false, stopping);
    }

    /** From here on the server stops. */
    Span stop() {
        return new Span(lowerMillis, upperMillis, bounded, true);
    }

    /** One or the other. */
    Span or(Span other) {
        return new Span(
                Math.min(lowerMillis, other.lowerMillis),
                Math.max(upperMillis, other.upperMillis),
                bounded && other.bounded,
                stopping || other.stopping);
    }

    /** Both, side by side: over when the later one is. A stop in one of them holds for the other. */
    Span and(Span other) {
        boolean newStop = stopping != other.stopping;
        return new Span(
                newStop ? Math.min(lowerMillis, other.lowerMillis) : Math.max(lowerMillis, other.lowerMillis),
                Math.max(upperMillis, other.upperMillis),
                bounded && other.bounded,
                stopping || other.stopping);
    }
}
