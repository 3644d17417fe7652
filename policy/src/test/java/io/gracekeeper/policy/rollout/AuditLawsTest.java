package io.gracekeeper.policy.rollout;

import static io.gracekeeper.policy.rollout.Pods.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.crds.EndCause;
import io.gracekeeper.crds.EndCounts;
import io.gracekeeper.crds.EndResult;
import io.gracekeeper.crds.EndSettings;
import io.gracekeeper.crds.OtherEnds;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.crds.Verdict;
import io.gracekeeper.policy.AuditSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Laws 12, 13 and 14 of the design, over pods that no real cluster would show as well. */
class AuditLawsTest {
    /** Reasons that make a 137 something else than a SIGKILL by the kubelet. */
    private static final Set<String> NO_KILLS =
            Set.of("OOMKilled", "ContainerStatusUnknown", "RestartingAllContainers");

    private static final Instant NOW = T0.plusSeconds(500);

    @Property(tries = 2000)
    @Label("Law 12: NoForcedKill needs a terminal status of every main container of every expected pod")
    void no_forced_kill_needs_evidence(@ForAll("pods") List<PodTermination> pods, @ForAll("codes") Set<Integer> clean) {
        RolloutAuditStatus status = audit(null, pods, Set.of(), clean).status();

        if (status.verdict() == Verdict.NO_FORCED_KILL) {
            assertThat(pods.stream().filter(AuditLawsTest::ofRollout))
                    .allSatisfy(pod -> assertThat(everyMainEnded(pod)).isTrue());
        }
        if (pods.stream().filter(AuditLawsTest::ofRollout).anyMatch(pod -> !everyMainEnded(pod))) {
            assertThat(status.verdict()).isNotEqualTo(Verdict.NO_FORCED_KILL);
        }
    }

    @Property(tries = 500)
    @Label("Law 12: one pod that nobody saw caps the verdict at Unverified, and only a worse word replaces it")
    void one_unseen_caps(@ForAll("pods") List<PodTermination> pods, @ForAll("codes") Set<Integer> clean) {
        List<PodTermination> more = new ArrayList<>(pods);
        more.add(PodTermination.unseen("uid-unseen", Pods.ROLLOUT));

        assertThat(audit(null, more, Set.of(), clean).status().verdict())
                .isIn(Verdict.UNVERIFIED, Verdict.UNGRACEFUL, Verdict.FORCED_KILL);
    }

    @Property(tries = 2000)
    @Label("Law 13: OOM, an early 137 and ContainerStatusUnknown are never ForcedKill")
    void never_forced(@ForAll("pod") PodTermination pod, @ForAll("codes") Set<Integer> clean) {
        boolean provable = mains(pod).stream().anyMatch(c -> killedAtDeadline(pod, c));

        if (!provable) {
            assertThat(result(pod, clean)).isNotEqualTo(EndResult.FORCED_KILL);
        }
    }

    @Property(tries = 2000)
    @Label("Law 13: a 137 at the deadline is never clean, whatever the policy calls a clean exit code")
    void never_clean(@ForAll("pod") PodTermination pod, @ForAll("codes") Set<Integer> clean) {
        boolean killed =
                mains(pod).stream().anyMatch(c -> c.atT0() == ContainerAtT0.RUNNING && killedAtDeadline(pod, c));

        if (killed) {
            assertThat(result(pod, clean)).isNotNull().isNotEqualTo(EndResult.CLEAN);
        }
    }

    @Property(tries = 1000)
    @Label("Law 14: each end has one audit and one cause, however the ends are dealt out over writes")
    void counted_once(
            @ForAll("pods") List<PodTermination> pods,
            @ForAll("codes") Set<Integer> clean,
            @ForAll("cuts") List<Integer> cuts) {
        RolloutAuditStatus atOnce = audit(null, pods, Set.of(), clean).status();
        RolloutAuditStatus inParts = inParts(pods, cuts, clean);

        long ends = pods.stream()
                .map(new TerminationJudge(clean)::judge)
                .flatMap(Optional::stream)
                .count();
        assertThat(sum(atOnce)).isEqualTo(ends);
        assertThat(inParts.counts()).isEqualTo(atOnce.counts());
        assertThat(inParts.other()).isEqualTo(atOnce.other());
        assertThat(inParts.ends()).isEqualTo(atOnce.ends());
        assertThat(inParts.settings()).isEqualTo(atOnce.settings());
        assertThat(inParts.verdict()).isEqualTo(atOnce.verdict());
    }

    private static RolloutAuditStatus inParts(List<PodTermination> pods, List<Integer> cuts, Set<Integer> clean) {
        Set<String> pending =
                pods.stream().map(PodTermination::uid).collect(Collectors.toCollection(LinkedHashSet::new));
        RolloutAuditStatus status = audit(null, List.of(), pending, clean).status();
        int from = 0;
        for (int cut : cuts) {
            int to = Math.min(pods.size(), from + cut);
            List<PodTermination> part = pods.subList(from, to);
            part.forEach(pod -> pending.remove(pod.uid()));
            status = audit(status, part, pending, clean).status();
            from = to;
        }
        return audit(status, pods.subList(from, pods.size()), Set.of(), clean).status();
    }

    private static RolloutAssessment audit(
            @Nullable RolloutAuditStatus previous,
            List<PodTermination> ended,
            Set<String> pending,
            Set<Integer> clean) {
        return RolloutAuditor.audit(
                new RolloutObservation(previous, Set.copyOf(pending), ended, List.of(), RolloutPhase.SETTLED, NOW),
                new AuditSettings(true, clean, 3));
    }

    private static long sum(RolloutAuditStatus status) {
        EndCounts c = Objects.requireNonNull(status.counts());
        int others = Objects.requireNonNull(status.other()).values().stream()
                .mapToInt(OtherEnds::ended)
                .sum();
        assertThat(c.expected()).isEqualTo(c.clean() + c.forced() + c.oom() + c.error() + c.unseen());
        return c.expected() + others;
    }

    private static boolean ofRollout(PodTermination pod) {
        return EndCauseJudge.judge(pod.causeFacts()) == EndCause.ROLLOUT;
    }

    private static List<ContainerTermination> mains(PodTermination pod) {
        return pod.containers().stream()
                .filter(c -> c.kind() == ContainerKind.MAIN)
                .toList();
    }

    /** Written without a look at the judge: what a person would accept as proof. */
    private static boolean everyMainEnded(PodTermination pod) {
        if (pod.evidence() == Evidence.NEVER_SCHEDULED) {
            return true;
        }
        return pod.evidence() == Evidence.TERMINAL
                && !mains(pod).isEmpty()
                && mains(pod).stream()
                        .allMatch(c -> c.atT0() == ContainerAtT0.NEVER_STARTED
                                || c.exit() != null
                                || (c.lastExit() != null && c.atT0() != ContainerAtT0.RUNNING));
    }

    private static boolean killedAtDeadline(PodTermination pod, ContainerTermination container) {
        ContainerExit exit = container.exit();
        if (pod.evidence() != Evidence.TERMINAL || exit == null || exit.finishedAt() == null) {
            return false;
        }
        boolean sigkill = exit.exitCode() == 137 && !NO_KILLS.contains(String.valueOf(exit.reason()));
        if (pod.t0() == null || pod.grace() == null) {
            return sigkill && pod.causeFacts().kubeletInitiated();
        }
        long grace = pod.shortenedGrace() == null ? pod.grace() : Math.min(pod.grace(), pod.shortenedGrace());
        return sigkill && !exit.finishedAt().isBefore(pod.t0().plusSeconds(grace - 2));
    }

    private static @Nullable EndResult result(PodTermination pod, Set<Integer> clean) {
        return new TerminationJudge(clean)
                .judge(pod)
                .map(judged -> judged.end().result())
                .orElse(null);
    }

    @Provide
    Arbitrary<Set<Integer>> codes() {
        return Arbitraries.of(0, 1, 2, 137, 143).set().ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(0, 4).list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<List<PodTermination>> pods() {
        return pod().list()
                .ofMaxSize(12)
                .map(pods -> IntStream.range(0, pods.size())
                        .mapToObj(i -> named(pods.get(i), "pod-%02d".formatted(i)))
                        .toList());
    }

    private static PodTermination named(PodTermination pod, String name) {
        return new PodTermination(
                "uid-" + name,
                name,
                pod.t0(),
                pod.grace(),
                pod.shortenedGrace(),
                pod.evidence(),
                pod.causeFacts(),
                pod.settings(),
                pod.containers());
    }

    @Provide
    Arbitrary<PodTermination> pod() {
        Arbitrary<Long> grace = Arbitraries.longs().between(1, 40);
        return Combinators.combine(
                        grace,
                        Arbitraries.longs().between(1, 40).injectNull(0.8),
                        Arbitraries.of(false, false, false, true),
                        Arbitraries.frequency(
                                Tuple.of(8, Evidence.TERMINAL),
                                Tuple.of(1, Evidence.NEVER_SCHEDULED),
                                Tuple.of(1, Evidence.FORCE_DELETED),
                                Tuple.of(1, Evidence.GONE_UNSEEN),
                                Tuple.of(1, Evidence.STUCK_TERMINATING)),
                        causes(),
                        Arbitraries.of(EndSettings.OLD, EndSettings.CURRENT).injectNull(0.1),
                        containers())
                .as((g, shortened, startUnseen, evidence, cause, settings, containers) -> new PodTermination(
                        "uid",
                        "pod",
                        startUnseen ? null : T0,
                        startUnseen ? null : g,
                        shortened,
                        evidence,
                        cause,
                        settings,
                        containers));
    }

    private static Arbitrary<CauseFacts> causes() {
        return Arbitraries.frequency(
                Tuple.of(6, Pods.ROLLOUT),
                Tuple.of(1, new CauseFacts(null, null, null, false, true)),
                Tuple.of(1, new CauseFacts(null, null, null, false, false)),
                Tuple.of(1, new CauseFacts("Evicted", "TerminationByKubelet", null, false, false)),
                Tuple.of(1, new CauseFacts(null, "EvictionByEvictionAPI", "DeletionByPodGC", true, true)));
    }

    private static Arbitrary<List<ContainerTermination>> containers() {
        return container()
                .list()
                .ofMaxSize(3)
                .map(list -> IntStream.range(0, list.size())
                        .mapToObj(i -> renamed(list.get(i), "c" + i))
                        .toList());
    }

    private static ContainerTermination renamed(ContainerTermination c, String name) {
        return new ContainerTermination(
                name, c.kind(), c.atT0(), c.exit(), c.lastExit(), c.restartCount(), c.preStopSeconds(), c.stopSignal());
    }

    private static Arbitrary<ContainerTermination> container() {
        return Combinators.combine(
                        Arbitraries.of(
                                ContainerKind.MAIN,
                                ContainerKind.MAIN,
                                ContainerKind.MAIN,
                                ContainerKind.NATIVE_SIDECAR,
                                ContainerKind.EPHEMERAL),
                        Arbitraries.of(ContainerAtT0.class),
                        exit().injectNull(0.1),
                        exit().injectNull(0.7),
                        Arbitraries.longs().between(0, 40).injectNull(0.5),
                        Arbitraries.of("SIGTERM", "SIGINT", "SIGKILL").injectNull(0.8))
                .as((kind, atT0, exit, last, preStop, signal) ->
                        new ContainerTermination("c", kind, atT0, exit, last, last == null ? 0 : 1, preStop, signal));
    }

    private static Arbitrary<ContainerExit> exit() {
        return Combinators.combine(
                        Arbitraries.of(0, 0, 1, 2, 137, 137, 137, 143, 255, -1),
                        Arbitraries.of(
                                        "Completed",
                                        "Error",
                                        "Error",
                                        "OOMKilled",
                                        "Unknown",
                                        "ContainerStatusUnknown",
                                        "RestartingAllContainers")
                                .injectNull(0.05),
                        Arbitraries.longs()
                                .between(-10, 60)
                                .map(T0::plusSeconds)
                                .injectNull(0.05))
                .as(ContainerExit::new);
    }
}
