package io.gracekeeper.policy.rollout;

import static io.gracekeeper.policy.rollout.Pods.T0;
import static io.gracekeeper.policy.rollout.Pods.container;
import static io.gracekeeper.policy.rollout.Pods.main;
import static io.gracekeeper.policy.rollout.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gracekeeper.crds.End;
import io.gracekeeper.crds.EndResult;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("How a pod ended")
class TerminationJudgeTest {
    private static final CauseFacts EVICTED = new CauseFacts("Evicted", null, "TerminationByKubelet", false, false);
    private static final CauseFacts NODE_SHUTDOWN =
            new CauseFacts("Terminated", null, "TerminationByKubelet", false, false);

    private final TerminationJudge judge = new TerminationJudge(Set.of(0));

    @ParameterizedTest(name = "{0}: {2} {3}")
    @MethodSource({"sequencesOfARealCluster", "unseen", "beforeTheTermination", "kills", "codes", "severalContainers"})
    void is_judged_by_its_worst_main_container(String what, Pods.Builder pod, EndResult result, List<String> findings) {
        End end = judge.judge(pod.build()).orElseThrow().end();

        assertThat(end.result()).as(what).isEqualTo(result);
        assertThat(Objects.requireNonNullElse(end.findings(), List.of()))
                .as(what)
                .isEqualTo(findings);
    }

    /** What Kubernetes 1.37.2 showed when pods were ended in each of these ways. */
    static Stream<Arguments> sequencesOfARealCluster() {
        return Stream.of(
                row("exits 0", pod().main("app", 0, "Completed", 0), EndResult.CLEAN),
                row("grace 6 runs out", pod().grace(6).main("app", 137, "Error", 6), EndResult.FORCED_KILL),
                row(
                        "preStop sleeps 8 s while the app exits by itself: not long, only waited for",
                        pod().grace(30).add(main("app").preStop(8).exit(0, "Completed", T0.plusSeconds(2))),
                        EndResult.CLEAN),
                row(
                        "app exits 0 at once, slow is killed",
                        pod().grace(8).main("app", 0, "Completed", 0).main("slow", 137, "Error", 8),
                        EndResult.FORCED_KILL),
                row(
                        "main ignores TERM, the native sidecar still ends in its two extra seconds",
                        pod().grace(7).main("main", 137, "Error", 8).sidecar("side", 0, "Completed", 8),
                        EndResult.FORCED_KILL),
                row(
                        "main exits, the sidecar takes 3 s more",
                        pod().main("main", 0, "Completed", 1).sidecar("side", 0, "Completed", 4),
                        EndResult.CLEAN),
                row(
                        "removed by force while it ran",
                        pod().evidence(Evidence.FORCE_DELETED).startUnseen().add(main("app")),
                        EndResult.UNSEEN,
                        "ForceDeleted"),
                row("out of memory in the TERM handler", pod().main("app", 137, "OOMKilled", 2), EndResult.OOM_KILLED),
                row(
                        "a liveness kill before, then its grace runs out",
                        pod().grace(8)
                                .add(main("app")
                                        .lastExit(137, "Error", T0.minusSeconds(4))
                                        .exit(137, "Error", T0.plusSeconds(8))),
                        EndResult.FORCED_KILL),
                row(
                        "crash-looping when it was deleted",
                        pod().add(main("app").atT0(ContainerAtT0.BETWEEN_RUNS).exit(3, "Error", T0.minusSeconds(5))),
                        EndResult.CLEAN,
                        "ExitedBefore"),
                row(
                        "a second delete asks for 3 s, the kubelet keeps the first 18",
                        pod().grace(18).shortenedTo(3).main("app", 137, "Error", 18),
                        EndResult.FORCED_KILL,
                        "ShortGrace"));
    }

    static Stream<Arguments> unseen() {
        return Stream.of(
                row(
                        "the kubelet could not locate it",
                        pod().add(main("app").exit(137, "ContainerStatusUnknown", null)),
                        EndResult.UNSEEN,
                        "ContainerStatusUnknown"),
                row(
                        "the kubelet could not locate it, and dates it",
                        pod().main("app", 137, "ContainerStatusUnknown", 30),
                        EndResult.UNSEEN,
                        "ContainerStatusUnknown"),
                row(
                        "containerd lost the status",
                        pod().main("app", 255, "Unknown", 3),
                        EndResult.UNSEEN,
                        "RuntimeLostStatus"),
                row("CRI-O lost the status", pod().main("app", -1, "Error", 3), EndResult.UNSEEN, "RuntimeLostStatus"),
                row(
                        "all containers were being restarted in place",
                        pod().main("app", 137, "RestartingAllContainers", 30),
                        EndResult.UNSEEN,
                        "RuntimeLostStatus"),
                row(
                        "an exit without a time",
                        pod().add(main("app").exit(0, "Completed", null)),
                        EndResult.UNSEEN,
                        "RuntimeLostStatus"),
                row("terminal, but still running", pod().add(main("app")), EndResult.UNSEEN, "RuntimeLostStatus"),
                row(
                        "a tombstone of a relist",
                        pod().evidence(Evidence.GONE_UNSEEN).add(main("app")),
                        EndResult.UNSEEN,
                        "GoneUnseen"),
                row(
                        "a tombstone of a container that had exited once",
                        pod().evidence(Evidence.GONE_UNSEEN).main("app", 0, "Completed", 1),
                        EndResult.UNSEEN,
                        "GoneUnseen"),
                row("only its uid is known", pod().evidence(Evidence.GONE_UNSEEN), EndResult.UNSEEN, "GoneUnseen"),
                row(
                        "still there long after its grace",
                        pod().evidence(Evidence.STUCK_TERMINATING).add(main("app")),
                        EndResult.UNSEEN,
                        "StuckTerminating"),
                row(
                        "137, and nobody saw when the termination began",
                        pod().startUnseen().main("app", 137, "Error", 30),
                        EndResult.UNSEEN,
                        "StartUnseen"),
                row(
                        "137, and the node's clock is far behind",
                        pod().grace(5).main("app", 137, "Error", -20),
                        EndResult.UNSEEN,
                        "ClockSkew"));
    }

    static Stream<Arguments> beforeTheTermination() {
        return Stream.of(
                row(
                        "waits for its next start, the run before was killed",
                        pod().add(main("app")
                                .atT0(ContainerAtT0.BETWEEN_RUNS)
                                .lastExit(137, "Error", T0.minusSeconds(9))),
                        EndResult.CLEAN,
                        "ExitedBefore"),
                row(
                        "ran out of memory before, not in the shutdown",
                        pod().add(main("app")
                                .atT0(ContainerAtT0.BETWEEN_RUNS)
                                .exit(137, "OOMKilled", T0.minusSeconds(60))),
                        EndResult.CLEAN,
                        "ExitedBefore"),
                row(
                        "the earlier run was restarted in place, this one ended well",
                        pod().add(main("app")
                                .lastExit(137, "RestartingAllContainers", T0.minusSeconds(60))
                                .exit(0, "Completed", T0.plusSeconds(1))),
                        EndResult.CLEAN),
                row("exits in the second of t0", pod().main("app", 0, "Completed", -1), EndResult.CLEAN),
                row(
                        "exits 0 by a clock that is behind",
                        pod().main("app", 0, "Completed", -20),
                        EndResult.CLEAN,
                        "ClockSkew"));
    }

    static Stream<Arguments> kills() {
        return Stream.of(
                row("a late kubelet kills later", pod().grace(30).main("app", 137, "Error", 34), EndResult.FORCED_KILL),
                row(
                        "both times are cut to seconds: one second early is on time",
                        pod().grace(30).main("app", 137, "Error", 29),
                        EndResult.FORCED_KILL),
                row(
                        "a kubelet that started again gives the grace twice",
                        pod().grace(30).main("app", 137, "Error", 55),
                        EndResult.FORCED_KILL,
                        "GraceOverrun"),
                row(
                        "137 before the deadline",
                        pod().grace(30).main("app", 137, "Error", 5),
                        EndResult.ERROR,
                        "EarlyKill"),
                row(
                        "its stop signal is SIGKILL",
                        pod().grace(30).add(main("app").stopSignal("SIGKILL").exit(137, "Error", T0.plusSeconds(1))),
                        EndResult.ERROR,
                        "StopSignalKill"),
                row(
                        "an exec hook hung until the end",
                        pod().grace(10).add(main("app").preStop(10).exit(137, "Error", T0.plusSeconds(12))),
                        EndResult.FORCED_KILL,
                        "PreStopConsumedGrace"),
                row(
                        "the hook left enough, the app did not end",
                        pod().grace(35).add(main("app").preStop(10).exit(137, "Error", T0.plusSeconds(35))),
                        EndResult.FORCED_KILL),
                row(
                        "evicted by the kubelet with its own grace",
                        pod().cause(EVICTED).startUnseen().main("app", 137, "Error", 1),
                        EndResult.FORCED_KILL,
                        "ShortGrace"),
                row(
                        "the node shuts down",
                        pod().cause(NODE_SHUTDOWN).startUnseen().main("app", 137, "Error", 10),
                        EndResult.FORCED_KILL,
                        "ShortGrace"),
                row(
                        "evicted by the kubelet, ended by itself",
                        pod().cause(EVICTED).startUnseen().main("app", 0, "Completed", 1),
                        EndResult.CLEAN),
                row("OOM at the deadline", pod().grace(8).main("app", 137, "OOMKilled", 8), EndResult.OOM_KILLED));
    }

    static Stream<Arguments> codes() {
        return Stream.of(
                row("0 with a child out of memory", pod().main("app", 0, "OOMKilled", 1), EndResult.CLEAN, "ChildOOM"),
                row(
                        "1 with a child out of memory",
                        pod().main("app", 1, "OOMKilled", 1),
                        EndResult.OOM_KILLED,
                        "ChildOOM"),
                row(
                        "0 after 80 % of the grace",
                        pod().grace(30).main("app", 0, "Completed", 24), EndResult.CLEAN, "NearMiss"),
                row("0 after 79 % of the grace", pod().grace(100).main("app", 0, "Completed", 79), EndResult.CLEAN),
                row("143 without a handler", pod().main("app", 143, "Error", 0), EndResult.ERROR, "SignalDefault"),
                row(
                        "130 where the stop signal is SIGINT",
                        pod().add(main("app").stopSignal("SIGINT").exit(130, "Error", T0)),
                        EndResult.ERROR,
                        "SignalDefault"),
                row("130 where it is SIGTERM", pod().main("app", 130, "Error", 0), EndResult.ERROR),
                row("2: a Go program without a handler", pod().main("app", 2, "Error", 0), EndResult.ERROR),
                row("1", pod().main("app", 1, "Error", 3), EndResult.ERROR),
                row("139", pod().main("app", 139, "Error", 3), EndResult.ERROR),
                row("255 of the app itself", pod().main("app", 255, "Error", 3), EndResult.ERROR),
                row("3221225786 of Windows", pod().main("app", -1073741510, "Error", 3), EndResult.ERROR));
    }

    static Stream<Arguments> severalContainers() {
        return Stream.of(
                row(
                        "a native sidecar has no time left when main uses all the grace",
                        pod().grace(7).main("main", 137, "Error", 7).sidecar("proxy", 137, "Error", 9),
                        EndResult.FORCED_KILL,
                        "SidecarStarved/proxy"),
                row(
                        "a native sidecar that is slow by itself",
                        pod().grace(7).main("main", 0, "Completed", 1).sidecar("proxy", 137, "Error", 7),
                        EndResult.CLEAN,
                        "SidecarForcedKill/proxy"),
                row(
                        "an init container that was running",
                        pod().main("app", 0, "Completed", 0)
                                .add(container("init", ContainerKind.INIT).exit(137, "Error", T0.plusSeconds(30))),
                        EndResult.CLEAN),
                row(
                        "a debug container that was running",
                        pod().main("app", 0, "Completed", 0)
                                .add(container("debugger", ContainerKind.EPHEMERAL)
                                        .exit(137, "Error", T0.plusSeconds(30))),
                        EndResult.CLEAN),
                row(
                        "one clean, one lost",
                        pod().main("app", 0, "Completed", 0).main("agent", 255, "Unknown", 1),
                        EndResult.UNSEEN,
                        "RuntimeLostStatus"),
                row(
                        "one failed, one lost: the loss is not hidden",
                        pod().main("app", 1, "Error", 0).main("agent", 255, "Unknown", 1),
                        EndResult.ERROR,
                        "RuntimeLostStatus/agent"),
                row(
                        "one killed, one out of memory",
                        pod().grace(9).main("a", 137, "OOMKilled", 1).main("b", 137, "Error", 9),
                        EndResult.FORCED_KILL,
                        "OOMKilled/a"),
                row(
                        "one never started",
                        pod().main("app", 0, "Completed", 1)
                                .add(main("broken")
                                        .atT0(ContainerAtT0.NEVER_STARTED)
                                        .exit(137, "ContainerStatusUnknown", null)),
                        EndResult.CLEAN));
    }

    @Test
    @DisplayName("is no end at all where nothing ever ran")
    void nothing_started() {
        assertThat(judge.judge(pod().evidence(Evidence.NEVER_SCHEDULED)
                        .startUnseen()
                        .add(main("app").atT0(ContainerAtT0.NEVER_STARTED))
                        .build()))
                .as("never on a node")
                .isEmpty();
        assertThat(judge.judge(
                        pod().add(main("app").atT0(ContainerAtT0.NEVER_STARTED)).build()))
                .as("deleted while its image was pulled")
                .isEmpty();
        assertThat(judge.judge(pod().add(
                                main("app").atT0(ContainerAtT0.NEVER_STARTED).exit(137, "ContainerStatusUnknown", null))
                        .build()))
                .as("deleted while its image was pulled, and the kubelet made up an exit")
                .isEmpty();
    }

    @Test
    @DisplayName("is clean with every code that the policy calls clean, but never with 137")
    void clean_exit_codes() {
        TerminationJudge jvm = new TerminationJudge(Set.of(143, 137));

        assertThat(result(jvm, pod().main("app", 143, "Error", 1))).isEqualTo(EndResult.CLEAN);
        assertThat(result(jvm, pod().main("app", 0, "Completed", 1))).isEqualTo(EndResult.CLEAN);
        assertThat(result(jvm, pod().grace(8).main("app", 137, "Error", 8))).isEqualTo(EndResult.FORCED_KILL);
        assertThat(result(jvm, pod().grace(30).main("app", 137, "Error", 8))).isEqualTo(EndResult.ERROR);
    }

    @Test
    @DisplayName("says which container decided, with its code and the seconds after t0")
    void says_who_decided() {
        End end = judge.judge(pod("web-7")
                        .grace(8)
                        .main("app", 0, "Completed", 1)
                        .main("slow", 137, "Error", 9)
                        .build())
                .orElseThrow()
                .end();

        assertThat(end.pod()).isEqualTo("web-7");
        assertThat(end.container()).isEqualTo("slow");
        assertThat(end.exitCode()).isEqualTo(137);
        assertThat(end.endedAfter()).isEqualTo(9);
        assertThat(end.t0()).isEqualTo(T0);
        assertThat(end.grace()).isEqualTo(8);
    }

    private static EndResult result(TerminationJudge judge, Pods.Builder pod) {
        return judge.judge(pod.build()).orElseThrow().end().result();
    }

    private static Arguments row(String what, Pods.Builder pod, EndResult result, String... findings) {
        return arguments(what, pod, result, List.of(findings));
    }
}
