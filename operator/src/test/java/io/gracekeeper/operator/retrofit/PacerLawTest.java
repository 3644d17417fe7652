package io.gracekeeper.operator.retrofit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Law 11, over clusters that live: workloads come, roll, complete, break, are paused; policies change, halt and resume. */
class PacerLawTest {
    private static final int WORKLOADS = 12;
    private static final int POLICIES = 3;

    /** What happens next in the cluster. */
    record Step(int what, int workload, int policy, int value) {}

    /** One workload of the simulated cluster. */
    private static final class Simulated {
        final int policy;
        final int replicas;
        String hash = "h0";
        String touch = "";
        String injected = "";
        boolean complete = true;
        boolean paused;

        Simulated(int policy, int replicas) {
            this.policy = policy;
            this.replicas = replicas;
        }

        Candidate candidate(String name) {
            return new Candidate(
                    name,
                    name,
                    replicas,
                    !injected.equals(hash),
                    false,
                    hash,
                    touch,
                    paused,
                    null,
                    new RolloutProgress(true, complete, null),
                    false,
                    false);
        }

        boolean open() {
            return !touch.isEmpty() && !complete;
        }
    }

    @Provide
    Arbitrary<List<Step>> lives() {
        Arbitrary<Step> step = Combinators.combine(
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers().between(0, WORKLOADS - 1),
                        Arbitraries.integers().between(0, POLICIES - 1),
                        Arbitraries.integers().between(1, 5))
                .as(Step::new);
        return step.list().ofMinSize(20).ofMaxSize(200);
    }

    @Property(tries = 500)
    @Label("open retrofits never exceed a limit, and a halt stops the next touch")
    void law11(@ForAll("lives") List<Step> life) {
        Map<String, Simulated> cluster = new TreeMap<>();
        for (int i = 0; i < WORKLOADS; i++) {
            cluster.put("w" + i, new Simulated(i % POLICIES, i % 4));
        }
        int clusterLimit = 3;
        int[] limits = {1, 2, 5};
        boolean[] halted = new boolean[POLICIES];
        var pacer = new Pacer(clusterLimit);
        for (Step step : life) {
            happen(step, cluster, limits, halted);
            for (int policy = 0; policy < POLICIES; policy++) {
                turn(pacer, policy, cluster, limits[policy], halted[policy], clusterLimit);
            }
        }
    }

    private static void happen(Step step, Map<String, Simulated> cluster, int[] limits, boolean[] halted) {
        Simulated workload = cluster.get("w" + step.workload());
        switch (step.what()) {
            case 0, 1 -> workload.complete = true;
            case 2 -> workload.paused = !workload.paused;
            case 3 -> halted[step.policy()] = !halted[step.policy()];
            case 4 -> limits[step.policy()] = step.value();
            // The policy asks for something else: every workload of it is to be touched again.
            case 5 ->
                cluster.values().stream()
                        .filter(each -> each.policy == step.policy())
                        .forEach(each -> each.hash = "h" + step.value());
            // Somebody else rolls it out.
            default -> workload.complete = false;
        }
    }

    private static void turn(
            Pacer pacer, int policy, Map<String, Simulated> cluster, int limit, boolean halted, int clusterLimit) {
        List<Candidate> own = new ArrayList<>();
        cluster.forEach((name, workload) -> {
            if (workload.policy == policy) {
                own.add(workload.candidate(name));
            }
        });
        long openBefore = open(cluster);
        Optional<Candidate> next = pacer.next(own, limit, (int) openBefore, halted);
        if (next.isEmpty()) {
            return;
        }
        assertThat(halted).as("a halt stops the next touch").isFalse();
        Simulated touched = cluster.get(next.get().uid());
        assertThat(touched.paused).as("paused workloads are left alone").isFalse();
        touched.touch = touched.hash;
        touched.injected = touched.hash;
        touched.complete = false;
        long ownOpen = cluster.values().stream()
                .filter(each -> each.policy == policy && each.open())
                .count();
        assertThat(ownOpen).as("the policy's limit").isLessThanOrEqualTo(limit);
        assertThat(open(cluster)).as("the cluster's limit").isLessThanOrEqualTo(clusterLimit);
    }

    private static long open(Map<String, Simulated> cluster) {
        return cluster.values().stream().filter(Simulated::open).count();
    }
}
