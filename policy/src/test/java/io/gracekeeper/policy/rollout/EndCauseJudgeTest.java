package io.gracekeeper.policy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.crds.EndCause;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Why a pod was ended")
class EndCauseJudgeTest {
    @ParameterizedTest(name = "{0}: {6}")
    @CsvSource({
        // what, reason at start, disruption at start, disruption at end, old revision, lowered, cause
        "a rollout replaces it,,,,true,true,ROLLOUT",
        "fewer replicas were asked for,,,,false,true,SCALE_IN",
        "deleted by hand,,,,false,false,EXTERNAL",
        "an old one deleted by hand before its ReplicaSet shrinks,,,,true,false,EXTERNAL",
        "drained,,EvictionByEvictionAPI,EvictionByEvictionAPI,false,false,EVICTION",
        "drained in the middle of a rollout,,EvictionByEvictionAPI,EvictionByEvictionAPI,true,true,EVICTION",
        "preempted,,PreemptionByScheduler,PreemptionByScheduler,false,false,EVICTION",
        "tainted away,,DeletionByTaintManager,DeletionByTaintManager,false,false,EVICTION",
        "tainted away and then its node object went,,DeletionByTaintManager,DeletionByPodGC,false,false,NODE",
        "its node object went,,DeletionByPodGC,DeletionByPodGC,false,false,NODE",
        "the node is short of memory,Evicted,TerminationByKubelet,TerminationByKubelet,false,false,EVICTION",
        "local storage limit: no condition,Evicted,,,false,false,EVICTION",
        "a critical pod needs the room,Preempting,TerminationByKubelet,TerminationByKubelet,false,false,EVICTION",
        "the node shuts down,Terminated,TerminationByKubelet,TerminationByKubelet,false,false,NODE",
        "activeDeadlineSeconds,DeadlineExceeded,,,false,false,EXTERNAL",
        "its node dies after the rollout began to end it,,,DeletionByPodGC,true,true,ROLLOUT",
    })
    void has_one_cause(
            String what,
            @Nullable String reason,
            @Nullable String disruptionAtStart,
            @Nullable String disruptionAtEnd,
            boolean oldRevision,
            boolean lowered,
            EndCause cause) {
        CauseFacts facts = new CauseFacts(reason, disruptionAtStart, disruptionAtEnd, oldRevision, lowered);

        assertThat(EndCauseJudge.judge(facts)).as(what).isEqualTo(cause);
    }
}
