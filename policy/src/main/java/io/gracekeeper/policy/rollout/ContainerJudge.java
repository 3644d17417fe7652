package io.gracekeeper.policy.rollout;

import io.gracekeeper.crds.EndResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges one container of one ended pod. */
final class ContainerJudge {
    /** T0 and finishedAt are cut to whole seconds by two machines whose clocks differ a little. */
    static final Duration TOLERANCE = Duration.ofSeconds(2);

    private static final int SIGKILL_CODE = 137;
    private static final int SIGNAL_OFFSET = 128;
    private static final Duration OVERRUN = Duration.ofSeconds(10);
    private static final long NEAR_MISS_PERCENT = 80;
    /** Signals whose exit code differs from SIGTERM's, by the names of {@code lifecycle.stopSignal}. */
    private static final Map<String, Integer> SIGNALS = Map.of(
            "SIGHUP",
            1,
            "SIGINT",
            2,
            "SIGQUIT",
            3,
            "SIGABRT",
            6,
            "SIGKILL",
            9,
            "SIGUSR1",
            10,
            "SIGUSR2",
            12,
            "SIGTERM",
            15,
            "SIGWINCH",
            28);

    private static final int SIGTERM = 15;

    private final PodTermination pod;
    private final Set<Integer> cleanExitCodes;

    ContainerJudge(PodTermination pod, Set<Integer> cleanExitCodes) {
        this.pod = pod;
        this.cleanExitCodes = cleanExitCodes;
    }

    /** The verdict; empty if the container never ran, so that there is nothing to judge. */
    Optional<ContainerVerdict> judge(ContainerTermination container) {
        return Optional.ofNullable(verdictOn(container));
    }

    private @Nullable ContainerVerdict verdictOn(ContainerTermination container) {
        return switch (pod.evidence()) {
            case NEVER_SCHEDULED -> null;
            case FORCE_DELETED -> unseen(container, Finding.FORCE_DELETED);
            case GONE_UNSEEN -> unseen(container, Finding.GONE_UNSEEN);
            case STUCK_TERMINATING -> unseen(container, Finding.STUCK_TERMINATING);
            case TERMINAL -> judgeTerminal(container);
        };
    }

    private @Nullable ContainerVerdict judgeTerminal(ContainerTermination container) {
        ContainerExit exit = container.exit();
        boolean madeUp = exit == null || "ContainerStatusUnknown".equals(exit.reason());
        if (madeUp && container.atT0() == ContainerAtT0.NEVER_STARTED) {
            return null;
        }
        if (exit == null) {
            ContainerExit last = container.lastExit();
            // A container that waits for its next start gets no signal: what it shows is the end of the run before.
            return last != null && container.atT0() != ContainerAtT0.RUNNING
                    ? verdict(container, EndResult.CLEAN, last, Finding.EXITED_BEFORE)
                    : unseen(container, Finding.RUNTIME_LOST_STATUS);
        }
        if (madeUp) {
            return verdict(container, EndResult.UNSEEN, exit, Finding.CONTAINER_STATUS_UNKNOWN);
        }
        return lostByRuntime(exit)
                ? verdict(container, EndResult.UNSEEN, exit, Finding.RUNTIME_LOST_STATUS)
                : judgeExit(container, exit);
    }

    /** 255 with reason Unknown is containerd's word for a lost status, -1 CRI-O's; an in-place restart is no exit at all. */
    private static boolean lostByRuntime(ContainerExit exit) {
        return exit.finishedAt() == null
                || exit.exitCode() == -1
                || (exit.exitCode() == 255 && "Unknown".equals(exit.reason()))
                || "RestartingAllContainers".equals(exit.reason());
    }

    private ContainerVerdict judgeExit(ContainerTermination container, ContainerExit exit) {
        if (finishedBeforeT0(exit) && container.atT0() != ContainerAtT0.RUNNING) {
            return verdict(container, EndResult.CLEAN, exit, Finding.EXITED_BEFORE);
        }
        if ("OOMKilled".equals(exit.reason())) {
            return outOfMemory(container, exit);
        }
        if (exit.exitCode() == SIGKILL_CODE) {
            return killed(container, exit);
        }
        if (exit.exitCode() == 0 || cleanExitCodes.contains(exit.exitCode())) {
            return clean(container, exit);
        }
        return exit.exitCode() == SIGNAL_OFFSET + stopSignal(container)
                ? verdict(container, EndResult.ERROR, exit, Finding.SIGNAL_DEFAULT)
                : verdict(container, EndResult.ERROR, exit);
    }

    private ContainerVerdict outOfMemory(ContainerTermination container, ContainerExit exit) {
        if (exit.exitCode() == SIGKILL_CODE) {
            return verdict(container, EndResult.OOM_KILLED, exit);
        }
        EndResult result = exit.exitCode() == 0 ? EndResult.CLEAN : EndResult.OOM_KILLED;
        return verdict(container, result, exit, Finding.CHILD_OOM);
    }

    private ContainerVerdict clean(ContainerTermination container, ContainerExit exit) {
        if (finishedBeforeT0(exit)) {
            return verdict(container, EndResult.CLEAN, exit, Finding.CLOCK_SKEW);
        }
        Duration after = endedAfter(exit);
        Long grace = pod.grace();
        boolean near = after != null && grace != null && after.toSeconds() * 100 >= grace * NEAR_MISS_PERCENT;
        return near
                ? verdict(container, EndResult.CLEAN, exit, Finding.NEAR_MISS)
                : verdict(container, EndResult.CLEAN, exit);
    }

    private ContainerVerdict killed(ContainerTermination container, ContainerExit exit) {
        Instant deadline = deadline();
        if (deadline == null) {
            // The kubelet's own terminations have no deletionTimestamp; their 137 is its SIGKILL after a grace of its
            // own.
            return pod.causeFacts().kubeletInitiated()
                    ? verdict(container, EndResult.FORCED_KILL, exit, Finding.SHORT_GRACE)
                    : verdict(container, EndResult.UNSEEN, exit, Finding.START_UNSEEN);
        }
        if (finishedBeforeT0(exit)) {
            return verdict(container, EndResult.UNSEEN, exit, Finding.CLOCK_SKEW);
        }
        if (reached(exit, deadline)) {
            return verdict(container, EndResult.FORCED_KILL, exit, findingsOfForcedKill(container, exit));
        }
        Finding why =
                stopSignal(container) == SIGKILL_CODE - SIGNAL_OFFSET ? Finding.STOP_SIGNAL_KILL : Finding.EARLY_KILL;
        return verdict(container, EndResult.ERROR, exit, why);
    }

    private Finding[] findingsOfForcedKill(ContainerTermination container, ContainerExit exit) {
        long grace = pod.grace() == null ? 0 : pod.grace();
        Long preStop = container.preStopSeconds();
        Duration after = endedAfter(exit);
        return List.of(
                        found(
                                preStop != null && preStop >= grace - TOLERANCE.toSeconds(),
                                Finding.PRE_STOP_CONSUMED_GRACE),
                        found(pod.shortenedGrace() != null, Finding.SHORT_GRACE),
                        found(
                                after != null
                                        && after.compareTo(Duration.ofSeconds(grace)
                                                        .plus(OVERRUN))
                                                > 0,
                                Finding.GRACE_OVERRUN))
                .stream()
                .flatMap(List::stream)
                .toArray(Finding[]::new);
    }

    private static List<Finding> found(boolean holds, Finding finding) {
        return holds ? List.of(finding) : List.of();
    }

    /** When the kubelet sends SIGKILL at the earliest; null where t0 was not seen. */
    @Nullable
    Instant deadline() {
        Instant t0 = pod.t0();
        Long grace = pod.grace();
        if (t0 == null || grace == null) {
            return null;
        }
        Long shortened = pod.shortenedGrace();
        return t0.plusSeconds(shortened == null ? grace : Math.min(grace, shortened));
    }

    /** Whether an exit came at the deadline or after it. A late kubelet kills later, never earlier. */
    static boolean reached(ContainerExit exit, Instant deadline) {
        Instant finishedAt = exit.finishedAt();
        return finishedAt != null && !finishedAt.isBefore(deadline.minus(TOLERANCE));
    }

    private boolean finishedBeforeT0(ContainerExit exit) {
        return pod.t0() != null
                && exit.finishedAt() != null
                && exit.finishedAt().isBefore(pod.t0().minus(TOLERANCE));
    }

    private static int stopSignal(ContainerTermination container) {
        String name = container.stopSignal();
        return name == null ? SIGTERM : SIGNALS.getOrDefault(name, SIGTERM);
    }

    private @Nullable Duration endedAfter(ContainerExit exit) {
        if (pod.t0() == null || exit.finishedAt() == null) {
            return null;
        }
        Duration after = Duration.between(pod.t0(), exit.finishedAt());
        return after.isNegative() ? Duration.ZERO : after;
    }

    private static ContainerVerdict unseen(ContainerTermination container, Finding why) {
        return new ContainerVerdict(container.name(), EndResult.UNSEEN, null, null, List.of(why));
    }

    private ContainerVerdict verdict(
            ContainerTermination container, EndResult result, ContainerExit exit, Finding... findings) {
        return new ContainerVerdict(container.name(), result, exit.exitCode(), endedAfter(exit), List.of(findings));
    }
}
