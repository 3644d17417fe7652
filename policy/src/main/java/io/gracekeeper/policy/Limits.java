package io.gracekeeper.policy;

/**
 * What the people who run the cluster allow policies to ask for.
 *
 * @param maxTerminationGracePeriodSeconds 1..86400, the hard cap: no policy may set a larger maximum or need more
 */
public record Limits(int maxTerminationGracePeriodSeconds) {
    /** One hour, the cap when the chart's values do not say. */
    public static final Limits DEFAULT = new Limits(3600);
}
