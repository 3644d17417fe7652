package io.gracekeeper.operator;

import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ConditionTypes;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicyStatus;
import io.gracekeeper.crds.Retrofit;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.operator.leader.Leadership;
import io.gracekeeper.operator.workload.WorkloadScan;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.CompiledException;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.runtime.PolicyStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
            MeterRegistry meters, PolicyStore policies, WorkloadScan scan, Leadership leadership, InstantSource clock) {
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
            if (classification != Classification.UNMATCHED) {
                Gauge.builder("gracekeeper.workloads", () -> scan.count(classification))
                        .description("Workloads that a policy matches, by where they stand")
                        .tag("classification", classification.name().toLowerCase(Locale.ROOT))
                        .register(meters);
            }
        }
        for (ExceptionState state : ExceptionState.values()) {
            Gauge.builder("gracekeeper.exceptions", () -> count(policies, state, clock.instant()))
                    .description("Exceptions by whether they hold")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
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

    /** Whether an exception holds. */
    private enum ExceptionState {
        IN_FORCE,
        ENDS_SOON,
        EXPIRED,
        INVALID;

        static ExceptionState of(@Nullable CompiledException exception, Instant now) {
            if (exception == null) {
                return INVALID;
            }
            if (!now.isBefore(exception.expiresAt())) {
                return EXPIRED;
            }
            return exception.endsSoon(now) ? ENDS_SOON : IN_FORCE;
        }
    }

    private static long count(PolicyStore policies, ExceptionState state, Instant now) {
        PolicySnapshot snapshot = policies.snapshot();
        return policies.exceptions().stream()
                .map(exception -> compiled(snapshot, exception))
                .filter(exception -> ExceptionState.of(exception, now) == state)
                .count();
    }

    private static @Nullable CompiledException compiled(PolicySnapshot snapshot, ShutdownException exception) {
        return snapshot.policiesIn(exception.getMetadata().getNamespace()).exceptions().stream()
                .filter(known -> known.name().equals(exception.getMetadata().getName()))
                .findFirst()
                .orElse(null);
    }

    private static Stream<GracefulShutdownPolicyStatus> statuses(PolicyStore policies) {
        return Stream.concat(
                        policies.policies().stream().map(GracefulShutdownPolicy::getStatus),
                        policies.clusterPolicies().stream().map(ClusterGracefulShutdownPolicy::getStatus))
                .filter(Objects::nonNull);
    }

    private static long count(PolicyStore policies, String type, String status) {
        return statuses(policies)
                .filter(policy -> policy.conditions() != null
                        && policy.conditions().stream()
                                .anyMatch(condition ->
                                        type.equals(condition.getType()) && status.equals(condition.getStatus())))
                .count();
    }

    private static List<Retrofit> retrofits(PolicyStore policies) {
        return statuses(policies)
                .map(GracefulShutdownPolicyStatus::retrofit)
                .filter(Objects::nonNull)
                .toList();
    }
}
