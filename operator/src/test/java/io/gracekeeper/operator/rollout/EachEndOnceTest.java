package io.gracekeeper.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.gracekeeper.crds.OtherEnds;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.policy.AuditSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Law 14")
class EachEndOnceTest {
    private final SimulatedCluster cluster = new SimulatedCluster();
    private final List<Replica> replicas = new ArrayList<>();
    private final Set<String> ended = new HashSet<>();
    private int leader;

    @ParameterizedTest(name = "history {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25})
    @DisplayName(
            "each end has one audit, over rollouts, scale-ins, drains, deletions, outages and changes of the leader")
    void each_end_has_one_audit(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2; i++) {
            Replica replica = Replica.start(cluster);
            replica.leads = i == 0;
            replica.settings = new AuditSettings(true, Set.of(0), 10);
            replicas.add(replica);
        }
        cluster.run(20);
        cluster.roll(4);
        cluster.run(15);
        for (int step = 0; step < 40 && cluster.audits.size() < 10; step++) {
            something(random);
            cluster.run(random.nextInt(1, 5));
        }
        replicas.forEach(replica -> replica.apiServerAway = false);
        cluster.run(45);

        assertThat(countedEnds()).isEqualTo(ended.size());
    }

    private void something(Random random) {
        List<Pod> running = cluster.pods.values().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
        switch (random.nextInt(8)) {
            case 0 -> {
                cluster.roll(random.nextInt(2, 5));
                running.forEach(pod -> {
                    if (random.nextBoolean()) {
                        cluster.terminate(pod);
                    }
                });
            }
            case 1 -> pick(running, random).forEach(cluster::terminate);
            case 2 -> pick(running, random).forEach(cluster::evict);
            case 3 -> {
                replicas.get(leader).leads = false;
                leader = 1 - leader;
                replicas.get(leader).leads = true;
            }
            case 4 -> replicas.get(leader).apiServerAway ^= true;
            default ->
                cluster.pods.values().stream()
                        .filter(pod -> pod.getMetadata().getDeletionTimestamp() != null)
                        .toList()
                        .forEach(pod -> end(pod, random));
        }
    }

    private void end(Pod pod, Random random) {
        ended.add(pod.getMetadata().getUid());
        switch (random.nextInt(4)) {
            case 0 -> cluster.end(pod, 137, "Error");
            case 1 -> cluster.remove(pod);
            default -> cluster.end(pod, 0, "Completed");
        }
    }

    private static List<Pod> pick(List<Pod> pods, Random random) {
        return pods.isEmpty() ? List.of() : List.of(pods.get(random.nextInt(pods.size())));
    }

    private int countedEnds() {
        return cluster.audits.values().stream()
                .map(audit -> Objects.requireNonNull(audit.getStatus()))
                .mapToInt(EachEndOnceTest::ends)
                .sum();
    }

    private static int ends(RolloutAuditStatus status) {
        int others = Objects.requireNonNull(status.other()).values().stream()
                .mapToInt(OtherEnds::ended)
                .sum();
        var counts = Objects.requireNonNull(status.counts());
        return others + counts.clean() + counts.forced() + counts.oom() + counts.error() + counts.unseen();
    }
}
