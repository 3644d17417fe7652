package io.gracekeeper.policy.rollout;

import java.util.stream.Stream;

/** What else was noticed about an end. The words are part of the API: they stand in {@code status.ends[].findings}. */
public enum Finding {
    /** Ended clean, but used at least 80 % of its grace. */
    NEAR_MISS("NearMiss"),

    /** Its preStop hook left SIGTERM less than two seconds. */
    PRE_STOP_CONSUMED_GRACE("PreStopConsumedGrace"),

    /** The grace was cut below the pod's own: by an eviction, a node shutdown or a second delete. */
    SHORT_GRACE("ShortGrace"),

    /** Killed long after its deadline: the kubelet or the runtime started again and gave the grace a second time. */
    GRACE_OVERRUN("GraceOverrun"),

    /** Killed by SIGKILL before the deadline: a missed out-of-memory, or a kill from inside the pod. */
    EARLY_KILL("EarlyKill"),

    /** Its own stop signal is SIGKILL. */
    STOP_SIGNAL_KILL("StopSignalKill"),

    /** Ended by its stop signal itself: no handler, so work in flight was dropped. */
    SIGNAL_DEFAULT("SignalDefault"),

    /** A process beside the first one ran out of memory. */
    CHILD_OOM("ChildOOM"),

    /** It had ended before the termination began: its exit code says nothing about the shutdown. */
    EXITED_BEFORE("ExitedBefore"),

    /** A native sidecar had no time left, because the main containers used all of the grace. */
    SIDECAR_STARVED("SidecarStarved"),

    /** The kubelet could not locate the container: its 137 is made up. */
    CONTAINER_STATUS_UNKNOWN("ContainerStatusUnknown"),

    /** The container runtime lost the exit status. */
    RUNTIME_LOST_STATUS("RuntimeLostStatus"),

    /** The node's clock contradicts what was seen. */
    CLOCK_SKEW("ClockSkew"),

    /** The start of the termination was not seen, so that a 137 can't be placed before or after the deadline. */
    START_UNSEEN("StartUnseen"),

    /** Removed with grace 0 while it ran. */
    FORCE_DELETED("ForceDeleted"),

    /** Gone while nobody watched. */
    GONE_UNSEEN("GoneUnseen"),

    /** Still there long after its grace. */
    STUCK_TERMINATING("StuckTerminating");

    private final String word;

    Finding(String word) {
        this.word = word;
    }

    /** The word that stands in YAML. */
    public String word() {
        return word;
    }

    /** The word that stands in YAML where the finding is about another container than the one that decided. */
    public String wordFor(String container) {
        return word + "/" + container;
    }

    /** Whether a word of {@code status.ends[].findings} says that another container's end was not seen. */
    static boolean isUnseenContainer(String finding) {
        return Stream.of(
                        CONTAINER_STATUS_UNKNOWN,
                        RUNTIME_LOST_STATUS,
                        START_UNSEEN,
                        FORCE_DELETED,
                        GONE_UNSEEN,
                        STUCK_TERMINATING,
                        CLOCK_SKEW)
                .anyMatch(f -> finding.startsWith(f.word() + "/"));
    }
}
