package io.gracekeeper.operator;

import io.fabric8.kubernetes.api.model.Condition;
import io.gracekeeper.crds.ConditionTypes;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.Retrofit;
import io.gracekeeper.operator.leader.Leadership;
import io.gracekeeper.operator.workload.WorkloadJudgements;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.runtime.PolicyStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;

/** What the operator as a whole shows; certificates, canary and Events bring their own meters. */
final class OperatorMetrics {
    private static final List<String> CONDITIONS = List.of(
            ConditionTypes.ACCEPTED, ConditionTypes.CONSISTENT, ConditionTypes.INJECTED, ConditionTypes.ENFORCED);
    private static final Map<String, ToIntFunction<Retrofit>> STATES = Map.of(
            "pending", Retrofit::pending,
            "rolling", Retrofit::rolling,
            "settled", Retrofit::settled,
            "skipped", Retrofit::skipped);

    private OperatorMetrics() {}

    /** Puts our prefix before the meters of java-operator-sdk. To be called before anything is registered. */
    static MeterRegistry named(MeterRegistry meters) {
        meters.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                boolean sdk = id.getName().startsWith("reconciliations")
                        || id.getName().startsWith("custom_resources");
                return sdk ? id.withName("gracekeeper." + id.getName()) : id;
            }
        });
        return meters;
    }

    static void register(
            MeterRegistry meters, PolicyStore policies, WorkloadJudgements judgements, Leadership leadership) {
        Gauge.builder("gracekeeper.leader", () -> leadership.isLeader() ? 1 : 0)
                .description("1 on the operator that leads")
                .register(meters);
        for (String type : CONDITIONS) {
            for (String status : List.of("True", "False", "Unknown")) {
                Gauge.builder("gracekeeper.policies", () -> count(policies, type, status))
                        .description("Policies by the status of each of their conditions")
                        .tag("condition", type)
                        .tag("status", status)
                        .register(meters);
            }
        }
        for (Classification classification : Classification.values()) {
            Gauge.builder("gracekeeper.workloads", () -> judgements.count(classification))
                    .description("Deployments of namespaces with a policy, by where they stand; only on the leader")
                    .tag("classification", classification.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        STATES.forEach((state, count) -> Gauge.builder(
                        "gracekeeper.retrofit.workloads",
                        () -> retrofits(policies).stream().mapToInt(count).sum())
                .description("Workloads that policies pace, by state")
                .tag("state", state)
                .register(meters));
        Gauge.builder(
                        "gracekeeper.retrofit.halted",
                        () -> retrofits(policies).stream()
                                .filter(retrofit -> retrofit.halted() != null)
                                .count())
                .description("Policies whose retrofit stands still")
                .register(meters);
    }

    private static long count(PolicyStore policies, String type, String status) {
        return policies.policies().stream()
                .filter(policy -> conditions(policy).stream()
                        .anyMatch(
                                condition -> type.equals(condition.getType()) && status.equals(condition.getStatus())))
                .count();
    }

    private static List<Condition> conditions(GracefulShutdownPolicy policy) {
        return policy.getStatus() == null || policy.getStatus().conditions() == null
                ? List.of()
                : policy.getStatus().conditions();
    }

    private static List<Retrofit> retrofits(PolicyStore policies) {
        return policies.policies().stream()
                .map(policy ->
                        policy.getStatus() == null ? null : policy.getStatus().retrofit())
                .filter(Objects::nonNull)
                .toList();
    }
}
