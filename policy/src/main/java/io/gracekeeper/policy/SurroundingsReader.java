package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirementBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads surroundings from raw objects: Services, PodDisruptionBudgets, HorizontalPodAutoscalers, ScaledObjects (KEDA), NodePools
 * (Karpenter), the Deployment of the cluster autoscaler, KubeletConfigurations, and Pods for the conditions that they have. Whoever
 * knows that a kind was looked for and not found says so by {@link #complete}. Never throws; what is odd is left out.
 */
public final class SurroundingsReader {
    private static final Pattern GO_DURATION =
            Pattern.compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,8})m)?(?:([0-9]{1,9})s)?");
    private static final String MAX_GRACEFUL = "--max-graceful-termination-sec";

    /** What the cluster autoscaler takes where it is told nothing, in seconds. */
    private static final long CLUSTER_AUTOSCALER_DEFAULT = 600;

    /** What an autoscaler and KEDA look back by default, in seconds. */
    private static final long DEFAULT_STABILIZATION = 300;

    private final Map<String, List<Surroundings.Service>> services = new HashMap<>();
    private final Map<String, List<Surroundings.DisruptionBudget>> budgets = new HashMap<>();
    private final Map<String, List<Surroundings.Autoscaler>> autoscalers = new HashMap<>();
    private final List<Surroundings.NodeLimit> nodeLimits = new ArrayList<>();
    private final Set<String> conditions = new HashSet<>();
    private boolean pods;
    private boolean complete;

    /** All objects of the other kinds were shown, too: what was not seen doesn't exist. */
    public SurroundingsReader complete() {
        complete = true;
        return this;
    }

    /** Reads one object of any kind; others than the named ones are nothing to it. */
    public SurroundingsReader read(JsonNode object) {
        JsonNode spec = object.path("spec");
        String namespace = object.path("metadata").path("namespace").asText("default");
        switch (object.path("kind").asText("")) {
            case "Service" -> service(object, spec, namespace);
            case "PodDisruptionBudget" -> budget(object, spec, namespace);
            case "HorizontalPodAutoscaler" -> autoscaler(object, spec, namespace);
            case "ScaledObject" -> scaledObject(object, spec, namespace);
            case "NodePool" -> nodePool(object, spec);
            case "Deployment" -> clusterAutoscaler(object, spec);
            case "KubeletConfiguration" -> kubelet(object);
            case "Pod" -> pod(object);
            default -> {}
        }
        return this;
    }

    /** What was read. */
    public Surroundings surroundings() {
        return new Surroundings(
                complete || !services.isEmpty() ? Map.copyOf(services) : null,
                complete || !budgets.isEmpty() ? Map.copyOf(budgets) : null,
                complete || !autoscalers.isEmpty() ? Map.copyOf(autoscalers) : null,
                nodeLimits,
                pods ? Set.copyOf(conditions) : null);
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText("");
    }

    private void service(JsonNode object, JsonNode spec, String namespace) {
        Map<String, String> selector = WorkloadReader.strings(spec.path("selector"));
        List<Surroundings.ServicePort> ports = new ArrayList<>();
        for (JsonNode port : spec.path("ports")) {
            JsonNode target = port.path("targetPort");
            boolean given = target.isTextual() || target.isInt();
            ports.add(new Surroundings.ServicePort(
                    (given ? target : port.path("port")).asText(),
                    port.path("protocol").asText("TCP")));
        }
        if (!selector.isEmpty()) {
            services.computeIfAbsent(namespace, key -> new ArrayList<>())
                    .add(new Surroundings.Service(name(object), selector, ports));
        }
    }

    private void budget(JsonNode object, JsonNode spec, String namespace) {
        if (!spec.path("selector").isObject()) {
            return; // Without a selector it is for no pod.
        }
        LabelMatcher matcher = LabelMatcher.of(selector(spec.path("selector")));
        budgets.computeIfAbsent(namespace, key -> new ArrayList<>())
                .add(new Surroundings.DisruptionBudget(
                        name(object),
                        matcher::matches,
                        textOrNull(spec.path("minAvailable")),
                        textOrNull(spec.path("maxUnavailable"))));
    }

    private static LabelSelector selector(JsonNode node) {
        var selector = new LabelSelector();
        selector.setMatchLabels(WorkloadReader.strings(node.path("matchLabels")));
        for (JsonNode expression : node.path("matchExpressions")) {
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            selector.getMatchExpressions()
                    .add(new LabelSelectorRequirementBuilder()
                            .withKey(expression.path("key").asText(""))
                            .withOperator(expression.path("operator").asText(""))
                            .withValues(values)
                            .build());
        }
        return selector;
    }

    private void autoscaler(JsonNode object, JsonNode spec, String namespace) {
        JsonNode target = spec.path("scaleTargetRef");
        JsonNode window = spec.path("behavior").path("scaleDown").path("stabilizationWindowSeconds");
        add(object, namespace, target, "", window, "spec.behavior.scaleDown.stabilizationWindowSeconds");
    }

    private void scaledObject(JsonNode object, JsonNode spec, String namespace) {
        String hpa = "horizontalPodAutoscalerConfig";
        JsonNode window = spec.path("advanced")
                .path(hpa)
                .path("behavior")
                .path("scaleDown")
                .path("stabilizationWindowSeconds");
        add(
                object,
                namespace,
                spec.path("scaleTargetRef"),
                "Deployment",
                window,
                "spec.advanced." + hpa + ".behavior.scaleDown.stabilizationWindowSeconds");
    }

    private void add(JsonNode object, String namespace, JsonNode target, String kind, JsonNode window, String field) {
        autoscalers
                .computeIfAbsent(namespace, key -> new ArrayList<>())
                .add(new Surroundings.Autoscaler(
                        object.path("kind").asText(),
                        name(object),
                        target.path("kind").asText(kind),
                        target.path("name").asText(""),
                        window.asLong(DEFAULT_STABILIZATION),
                        field));
    }

    private void nodePool(JsonNode object, JsonNode spec) {
        Long seconds = goDuration(spec.path("template").path("spec").path("terminationGracePeriod"));
        if (seconds != null) {
            nodeLimits.add(new Surroundings.NodeLimit(
                    "Karpenter's NodePool \"" + name(object) + "\"",
                    seconds,
                    "spec.template.spec.terminationGracePeriod"));
        }
    }

    private void clusterAutoscaler(JsonNode object, JsonNode spec) {
        for (JsonNode container : spec.path("template").path("spec").path("containers")) {
            List<String> words = new ArrayList<>();
            container.path("command").forEach(word -> words.add(word.asText()));
            container.path("args").forEach(word -> words.add(word.asText()));
            boolean autoscaler = container.path("image").asText("").contains("cluster-autoscaler")
                    || words.stream().anyMatch(word -> word.endsWith("cluster-autoscaler"));
            if (autoscaler) {
                long seconds = words.stream()
                        .filter(word -> word.matches(MAX_GRACEFUL + "=[0-9]{1,9}"))
                        .mapToLong(word -> Long.parseLong(word.substring(word.indexOf('=') + 1)))
                        .findFirst()
                        .orElse(CLUSTER_AUTOSCALER_DEFAULT);
                nodeLimits.add(new Surroundings.NodeLimit(
                        "the cluster autoscaler \"" + name(object) + "\"", seconds, MAX_GRACEFUL));
            }
        }
    }

    private void kubelet(JsonNode object) {
        Long all = goDuration(object.path("shutdownGracePeriod"));
        Long critical = goDuration(object.path("shutdownGracePeriodCriticalPods"));
        if (all != null && all > 0) {
            nodeLimits.add(new Surroundings.NodeLimit(
                    "the kubelet at the shutdown of its node",
                    Math.max(0, all - (critical == null ? 0 : critical)),
                    "shutdownGracePeriod less shutdownGracePeriodCriticalPods"));
        }
    }

    private void pod(JsonNode object) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            conditions.add(condition.path("type").asText(""));
            pods = true;
        }
    }

    private static @Nullable Long goDuration(JsonNode node) {
        Matcher matcher = GO_DURATION.matcher(node.asText(""));
        if (!node.isTextual() || node.textValue().isEmpty() || !matcher.matches()) {
            return null;
        }
        return number(matcher.group(1)) * 3600 + number(matcher.group(2)) * 60 + number(matcher.group(3));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static @Nullable String textOrNull(JsonNode node) {
        return node.isValueNode() && !node.isNull() ? node.asText() : null;
    }
}
