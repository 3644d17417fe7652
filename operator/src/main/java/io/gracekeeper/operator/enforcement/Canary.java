package io.gracekeeper.operator.enforcement;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.operator.leader.LeaderLoop;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Earns {@code Enforced=True}: keeps a policy with Deny in a namespace of its own and sends there, as a dry run, a Deployment that
 * breaks it. Nothing ever runs there. Once a minute while it is refused, every two seconds until then.
 */
public final class Canary implements AutoCloseable {
    /** The policy that the canary breaks. */
    public static final String POLICY = "gracekeeper-canary";

    private static final Logger LOG = LoggerFactory.getLogger(Canary.class);
    private static final Duration WHILE_PROVEN = Duration.ofSeconds(60);
    private static final Duration UNTIL_PROVEN = Duration.ofSeconds(2);

    /** After so many tries in vain, it is no start any more but a fault, and asked less often. */
    private static final int EAGER_TRIES = 60;

    private static final Duration LONG_UNPROVEN = Duration.ofSeconds(15);
    private static final int GRACE_SECONDS = 30;
    private static final String OUR_WEBHOOK = "validate.workloads.gracekeeper.io";

    private final KubernetesClient client;
    private final String namespace;
    private final EnforcementState state;
    private final LeaderLoop loop = new LeaderLoop("canary", this::pass);
    private int vain;
    private String lastSaid = "";

    /** A canary that does nothing until it is started. */
    public Canary(KubernetesClient client, String namespace, EnforcementState state, MeterRegistry meters) {
        this.client = client;
        this.namespace = namespace;
        this.state = state;
        Gauge.builder("gracekeeper.canary.age", state, EnforcementState::ageSeconds)
                .description("Seconds since the API server last refused the canary; NaN where this process saw none")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("gracekeeper.enforced", () -> state.current().isProven() ? 1 : 0)
                .description("1 while a refusal that is less than two minutes old proves that policies are enforced")
                .register(meters);
    }

    /** Starts: to be called when this process starts to lead. Returns at once. */
    public void start() {
        state.startLeading();
        loop.start();
    }

    /** Stops, after the try that is under way. */
    @Override
    public void close() {
        loop.stop();
    }

    private Duration pass() {
        CanaryOutcome outcome = attempt();
        state.add(outcome);
        say(outcome);
        vain = outcome instanceof CanaryOutcome.Refused ? 0 : vain + 1;
        if (vain == 0) {
            return WHILE_PROVEN;
        }
        return vain < EAGER_TRIES ? UNTIL_PROVEN : LONG_UNPROVEN;
    }

    private void say(CanaryOutcome outcome) {
        String said = switch (outcome) {
            case CanaryOutcome.Refused r -> "policies are enforced";
            case CanaryOutcome.NotRefused(String reason, String message) -> reason + ": " + message;
            case CanaryOutcome.NoAnswer(String message) -> message;
        };
        if (!said.equals(lastSaid)) {
            LOG.atInfo().log("Canary: {}", said);
            lastSaid = said;
        }
    }

    private CanaryOutcome attempt() {
        try {
            keepPolicy();
            client.apps()
                    .deployments()
                    .inNamespace(namespace)
                    .resource(violator())
                    .dryRun()
                    .create();
            return new CanaryOutcome.NotRefused(
                    "Admitted",
                    "a Deployment that breaks a rule was admitted in a dry run: the API server does not reach the webhook, or"
                            + " goes on without it. See the pods and the log of the webhook's Deployment");
        } catch (KubernetesClientException e) {
            return outcome(e.getCode(), String.valueOf(e.getMessage()));
        }
    }

    /** What an error says. The API server names the webhook in its message, whoever refused. */
    CanaryOutcome outcome(int code, String message) {
        if (message.contains("\"" + OUR_WEBHOOK + "\" denied")) {
            return new CanaryOutcome.Refused();
        }
        return switch (code) {
            case 403 ->
                new CanaryOutcome.NotRefused(
                        "Forbidden",
                        "the canary may not be tried: the operator's ServiceAccount needs create on deployments and create"
                                + " and patch on gracefulshutdownpolicies in namespace " + namespace);
            case 404 ->
                new CanaryOutcome.NotRefused(
                        "CanaryNamespaceMissing",
                        "the canary can't be tried: namespace " + namespace
                                + " is missing. The Helm chart makes it, with label"
                                + " pod-security.kubernetes.io/enforce=restricted");
            case 500 ->
                message.contains("failed calling webhook")
                        ? new CanaryOutcome.NotRefused(
                                "WebhookUnreachable", "the API server does not reach the webhook: " + first(message))
                        : new CanaryOutcome.NoAnswer("the API server failed: " + first(message));
            case 400, 422 ->
                new CanaryOutcome.NotRefused("RefusedByAnother", "refused, but not by us: " + first(message));
            default -> new CanaryOutcome.NoAnswer("the API server gives no answer: " + first(message));
        };
    }

    private static String first(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() <= 300 ? line : line.substring(0, 300) + "...";
    }

    private void keepPolicy() {
        var policy = new GracefulShutdownPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(POLICY)
                .addToLabels("app.kubernetes.io/part-of", "gracekeeper")
                .build());
        // The smallest maximum that there is: valid under every cap, and broken by any other grace period.
        policy.setSpec(new GracefulShutdownPolicySpec(
                null,
                new Requirements(null, null, null, 1),
                new Validation(List.of(ValidationAction.DENY)),
                null,
                null));
        client.resource(policy).fieldManager("gracekeeper").forceConflicts().serverSideApply();
    }

    private static Deployment violator() {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(POLICY)
                .addToLabels("app.kubernetes.io/part-of", "gracekeeper")
                .endMetadata()
                .withNewSpec()
                .withReplicas(0)
                .withNewSelector()
                .addToMatchLabels("app", POLICY)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", POLICY)
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds((long) GRACE_SECONDS)
                .addNewContainer()
                .withName("canary")
                .withImage("gracekeeper.invalid/canary:never-runs")
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withRunAsNonRoot(true)
                .withNewCapabilities()
                .addToDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
