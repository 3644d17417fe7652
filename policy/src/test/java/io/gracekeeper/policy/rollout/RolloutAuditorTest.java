package io.gracekeeper.policy.rollout;

import static io.gracekeeper.policy.rollout.Pods.T0;
import static io.gracekeeper.policy.rollout.Pods.main;
import static io.gracekeeper.policy.rollout.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.gracekeeper.crds.ConditionTypes;
import io.gracekeeper.crds.End;
import io.gracekeeper.crds.EndCounts;
import io.gracekeeper.crds.EndResult;
import io.gracekeeper.crds.EndSettings;
import io.gracekeeper.crds.Gap;
import io.gracekeeper.crds.OtherEnds;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.crds.Verdict;
import io.gracekeeper.policy.AuditSettings;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The audit of a rollout")
class RolloutAuditorTest {
    private static final AuditSettings SETTINGS = new AuditSettings(true, Set.of(0, 143), 3);
    private static final Instant NOW = T0.plusSeconds(60);
    private static final CauseFacts SCALE_IN = new CauseFacts(null, null, null, false, true);
    private static final CauseFacts DRAINED = new CauseFacts(null, "EvictionByEvictionAPI", null, true, true);

    private final PodTermination clean =
            pod("clean").main("app", 0, "Completed", 1).build();
    private final PodTermination killed =
            pod("killed").grace(5).main("app", 137, "Error", 5).build();
    private final PodTermination oom =
            pod("oom").main("app", 137, "OOMKilled", 1).build();
    private final PodTermination failed =
            pod("failed").main("app", 1, "Error", 1).build();
    private final PodTermination gone = PodTermination.unseen("uid-gone", Pods.ROLLOUT);

    @Test
    @DisplayName("is in progress until every old pod is judged and every replica is new")
    void in_progress() {
        assertThat(audit(RolloutPhase.ROLLING, clean).verdict())
                .as("its controller is not finished")
                .isEqualTo(Verdict.IN_PROGRESS);
        RolloutAuditStatus draining = audit(null, RolloutPhase.SETTLED, Set.of("uid-slow"), List.of(), clean);
        assertThat(draining.verdict()).as("an old pod still drains").isEqualTo(Verdict.IN_PROGRESS);
        assertThat(draining.ended()).isEqualTo("1/2");
        assertThat(draining.pending()).containsExactly("uid-slow");
        assertThat(condition(draining, ConditionTypes.COMPLETE).getStatus()).isEqualTo("False");
        assertThat(condition(draining, ConditionTypes.COMPLETE).getReason()).isEqualTo("PodsTerminating");
        assertThat(condition(draining, ConditionTypes.FORCED_KILL_FREE).getStatus())
                .isEqualTo("Unknown");
    }

    @Test
    @DisplayName("says NoForcedKill when all ended by themselves")
    void no_forced_kill() {
        RolloutAuditStatus status = audit(RolloutPhase.SETTLED, clean);

        assertThat(status.verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(status.counts()).isEqualTo(new EndCounts(1, 1, 0, 0, 0, 0));
        assertThat(status.ended()).isEqualTo("1/1");
        assertThat(condition(status, ConditionTypes.COMPLETE).getStatus()).isEqualTo("True");
        assertThat(condition(status, ConditionTypes.FORCED_KILL_FREE).getStatus())
                .isEqualTo("True");
    }

    @Test
    @DisplayName("says ForcedKill as soon as one kill is proven, whatever else was not seen")
    void a_proven_kill_wins() {
        RolloutAuditStatus status = audit(RolloutPhase.SETTLED, clean, gone, oom, failed, killed);

        assertThat(status.verdict()).isEqualTo(Verdict.FORCED_KILL);
        assertThat(status.counts()).isEqualTo(new EndCounts(5, 1, 1, 1, 1, 1));
        assertThat(condition(status, ConditionTypes.FORCED_KILL_FREE).getStatus())
                .isEqualTo("False");
        assertThat(condition(status, ConditionTypes.FORCED_KILL_FREE).getMessage())
                .isEqualTo("1 of 5 old pods was killed at the end of its grace");
        assertThat(status.ends())
                .extracting(End::result)
                .containsExactly(
                        EndResult.FORCED_KILL,
                        EndResult.OOM_KILLED,
                        EndResult.ERROR,
                        EndResult.UNSEEN,
                        EndResult.CLEAN);
    }

    @Test
    @DisplayName("denies ForcedKillFree at the first kill, long before it is complete")
    void a_kill_is_said_at_once() {
        RolloutAuditStatus status = audit(null, RolloutPhase.ROLLING, Set.of("uid-next"), List.of(), killed);

        assertThat(status.verdict()).isEqualTo(Verdict.IN_PROGRESS);
        assertThat(condition(status, ConditionTypes.FORCED_KILL_FREE).getStatus())
                .isEqualTo("False");
    }

    @Test
    @DisplayName("says Ungraceful for an end out of memory or with an error")
    void ungraceful() {
        assertThat(audit(RolloutPhase.SETTLED, clean, oom).verdict()).isEqualTo(Verdict.UNGRACEFUL);
        RolloutAuditStatus status = audit(RolloutPhase.SETTLED, clean, failed);
        assertThat(status.verdict()).isEqualTo(Verdict.UNGRACEFUL);
        assertThat(condition(status, ConditionTypes.FORCED_KILL_FREE).getStatus())
                .as("no pod was killed, and that is proven")
                .isEqualTo("True");
    }

    @Test
    @DisplayName("does not claim to be free of forced kills where a failed pod had a container that nobody saw end")
    void a_hidden_container() {
        PodTermination half = pod("half")
                .main("app", 1, "Error", 1)
                .main("agent", 255, "Unknown", 1)
                .build();
        RolloutAuditStatus status = audit(RolloutPhase.SETTLED, half);

        assertThat(status.verdict()).isEqualTo(Verdict.UNGRACEFUL);
        assertThat(condition(status, ConditionTypes.FORCED_KILL_FREE).getStatus())
                .isEqualTo("Unknown");
    }

    @Test
    @DisplayName("says Unverified when one end was not seen, even of one container among many")
    void unverified() {
        assertThat(audit(RolloutPhase.SETTLED, clean, gone).verdict()).isEqualTo(Verdict.UNVERIFIED);
        PodTermination half = pod("half")
                .main("app", 0, "Completed", 1)
                .add(main("agent").exit(137, "ContainerStatusUnknown", null))
                .build();
        assertThat(audit(RolloutPhase.SETTLED, clean, half).verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    @DisplayName("lists a gap, and is Unverified by it only where its start was missed")
    void gaps() {
        Gap noticed = new Gap(T0, T0.plusSeconds(9));
        Gap fromTheStart = new Gap(null, T0.plusSeconds(9));

        RolloutAuditStatus allSeen = audit(null, RolloutPhase.SETTLED, Set.of(), List.of(noticed), clean);
        assertThat(allSeen.verdict()).as("every old pod was seen all the same").isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(allSeen.gaps()).containsExactly(noticed);
        RolloutAuditStatus startMissed = audit(null, RolloutPhase.SETTLED, Set.of(), List.of(fromTheStart), clean);
        assertThat(startMissed.verdict()).isEqualTo(Verdict.UNVERIFIED);
        RolloutAuditStatus nothingKnown = audit(null, RolloutPhase.SETTLED, Set.of(), List.of(fromTheStart));
        assertThat(nothingKnown.verdict()).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    @DisplayName("says NothingEnded where there was no old pod")
    void nothing_ended() {
        RolloutAuditStatus status = audit(RolloutPhase.SETTLED);

        assertThat(status.verdict()).isEqualTo(Verdict.NOTHING_ENDED);
        assertThat(status.ended()).isEqualTo("0/0");
        assertThat(status.settings()).isNull();
    }

    @Test
    @DisplayName("is complete by what had begun to end when a newer revision took over")
    void superseded() {
        RolloutAuditStatus status = audit(RolloutPhase.SUPERSEDED, clean);

        assertThat(status.verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(condition(status, ConditionTypes.COMPLETE).getReason()).isEqualTo("Superseded");
    }

    @Test
    @DisplayName("counts ends outside the rollout apart, by cause, and they decide nothing")
    void others() {
        PodTermination scaledIn =
                pod("a").cause(SCALE_IN).grace(5).main("app", 137, "Error", 5).build();
        PodTermination drained =
                pod("b").cause(DRAINED).main("app", 0, "Completed", 1).build();
        RolloutAuditStatus status = audit(RolloutPhase.SETTLED, clean, scaledIn, drained);

        assertThat(status.verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(status.counts().expected()).isEqualTo(1);
        assertThat(status.other()).containsOnlyKeys("Eviction", "ScaleIn");
        assertThat(status.other()).containsEntry("ScaleIn", new OtherEnds(1, 1));
        assertThat(status.other()).containsEntry("Eviction", new OtherEnds(1, 0));
    }

    @Test
    @DisplayName("goes on counting ends outside the rollout after it is complete, and keeps its verdict")
    void after_completion() {
        RolloutAuditStatus complete = audit(RolloutPhase.SETTLED, clean);
        PodTermination scaledIn =
                pod("a").cause(SCALE_IN).grace(5).main("app", 137, "Error", 5).build();
        RolloutAuditStatus later = RolloutAuditor.audit(
                        new RolloutObservation(
                                complete,
                                Set.of(),
                                List.of(scaledIn),
                                List.of(),
                                RolloutPhase.ROLLING,
                                NOW.plusSeconds(99)),
                        SETTINGS)
                .status();

        assertThat(later.verdict()).isEqualTo(Verdict.NO_FORCED_KILL);
        assertThat(later.other()).containsEntry("ScaleIn", new OtherEnds(1, 1));
        assertThat(later.conditions()).isEqualTo(complete.conditions());
    }

    @Test
    @DisplayName("tells old settings from current ones, and a mixture from both")
    void settings() {
        PodTermination old = pod("old")
                .settings(EndSettings.OLD)
                .main("app", 0, "Completed", 1)
                .build();

        assertThat(audit(RolloutPhase.SETTLED, old).settings()).isEqualTo(EndSettings.OLD);
        assertThat(audit(RolloutPhase.SETTLED, clean).settings()).isEqualTo(EndSettings.CURRENT);
        assertThat(audit(RolloutPhase.SETTLED, clean, old).settings()).isEqualTo(EndSettings.MIXED);
        assertThat(audit(RolloutPhase.SETTLED, clean, gone).settings())
                .as("nobody knows what the unseen one had")
                .isEqualTo(EndSettings.CURRENT);
    }

    @Test
    @DisplayName("leaves out a pod in which nothing ever ran")
    void never_started() {
        PodTermination pulling = pod("pulling")
                .add(main("app").atT0(ContainerAtT0.NEVER_STARTED))
                .build();

        assertThat(audit(RolloutPhase.SETTLED, clean, pulling).counts()).isEqualTo(new EndCounts(1, 1, 0, 0, 0, 0));
        assertThat(audit(RolloutPhase.SETTLED, pulling).verdict()).isEqualTo(Verdict.NOTHING_ENDED);
    }

    @Test
    @DisplayName("caps every list, and still counts all")
    void caps() {
        PodTermination[] many = IntStream.range(0, 30)
                .mapToObj(i -> pod("p" + i).main("app", 0, "Completed", 1).build())
                .toArray(PodTermination[]::new);
        Set<String> pending =
                Set.copyOf(IntStream.range(0, 600).mapToObj(i -> "uid-" + i).toList());
        List<Gap> gaps = IntStream.range(0, 8)
                .mapToObj(i -> new Gap(T0.plusSeconds(i * 10L), T0.plusSeconds(i * 10L + 5)))
                .toList();

        RolloutAuditStatus status = audit(null, RolloutPhase.ROLLING, pending, gaps, many);

        assertThat(status.ends()).hasSize(20);
        assertThat(status.pending()).hasSize(500);
        assertThat(status.ended()).isEqualTo("30/630");
        assertThat(status.gaps()).hasSize(5);
        assertThat(status.gaps().getLast())
                .as("the last one covers what has no room")
                .isEqualTo(new Gap(T0.plusSeconds(40), T0.plusSeconds(75)));
    }

    @Test
    @DisplayName("moves the time of a condition only when its status changes")
    void transition_times() {
        RolloutAuditStatus first = audit(null, RolloutPhase.ROLLING, Set.of("a", "b"), List.of());
        RolloutAuditStatus second = again(first, Set.of("b"), RolloutPhase.SETTLED, NOW.plusSeconds(5), clean);
        RolloutAuditStatus third = again(second, Set.of(), RolloutPhase.SETTLED, NOW.plusSeconds(9), clean);

        assertThat(condition(second, ConditionTypes.COMPLETE).getLastTransitionTime())
                .isEqualTo(NOW.toString());
        assertThat(condition(third, ConditionTypes.COMPLETE).getLastTransitionTime())
                .isEqualTo(NOW.plusSeconds(9).toString());
    }

    @Test
    @DisplayName("has one sentence for each verdict")
    void sentences() {
        assertThat(Stream.of(
                        VerdictText.sentence(Verdict.FORCED_KILL, new EndCounts(6, 4, 2, 0, 0, 0)),
                        VerdictText.sentence(Verdict.NO_FORCED_KILL, new EndCounts(3, 3, 0, 0, 0, 0)),
                        VerdictText.sentence(Verdict.NO_FORCED_KILL, new EndCounts(1, 1, 0, 0, 0, 0)),
                        VerdictText.sentence(Verdict.UNGRACEFUL, new EndCounts(6, 2, 0, 1, 2, 1)),
                        VerdictText.sentence(Verdict.UNVERIFIED, new EndCounts(6, 4, 0, 0, 0, 2)),
                        VerdictText.sentence(Verdict.UNVERIFIED, new EndCounts(4, 4, 0, 0, 0, 0)),
                        VerdictText.sentence(Verdict.NOTHING_ENDED, new EndCounts(0, 0, 0, 0, 0, 0)),
                        VerdictText.sentence(Verdict.IN_PROGRESS, new EndCounts(6, 2, 0, 0, 0, 0))))
                .containsExactly(
                        "2 of 6 old pods were killed at the end of their grace",
                        "all 3 old pods ended by themselves",
                        "the old pod ended by itself",
                        "no old pod was killed at the end of its grace, but of 6 1 ran out of memory, 2 ended with an error,"
                                + " nobody saw how 1 ended",
                        "nobody saw how 2 of 6 old pods ended; the others ended by themselves",
                        "nobody watched its start, so that pods may have ended unseen; of the 4 seen all ended by themselves",
                        "there was no old pod to end",
                        "2 of 6 old pods ended so far");
    }

    private static RolloutAuditStatus audit(RolloutPhase phase, PodTermination... ended) {
        return audit(null, phase, Set.of(), List.of(), ended);
    }

    private static RolloutAuditStatus again(
            RolloutAuditStatus previous, Set<String> pending, RolloutPhase phase, Instant now, PodTermination ended) {
        return RolloutAuditor.audit(
                        new RolloutObservation(previous, pending, List.of(ended), List.of(), phase, now), SETTINGS)
                .status();
    }

    private static RolloutAuditStatus audit(
            @Nullable RolloutAuditStatus previous,
            RolloutPhase phase,
            Set<String> pending,
            List<Gap> gaps,
            PodTermination... ended) {
        return RolloutAuditor.audit(
                        new RolloutObservation(previous, pending, List.of(ended), gaps, phase, NOW), SETTINGS)
                .status();
    }

    private static Condition condition(RolloutAuditStatus status, String type) {
        return status.conditions().stream()
                .filter(c -> type.equals(c.getType()))
                .findFirst()
                .orElseThrow();
    }
}
