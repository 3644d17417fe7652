package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.Annotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the rules need from a raw workload. Never throws: webhooks see objects before the API server validates them, so a
 * field may be null, of another type, or missing, and what is odd reads as absent.
 */
public final class WorkloadReader {
    /** Port names that nobody sends requests to that could be lost. */
    private static final Set<String> NOT_SERVING = Set.of("metrics", "prometheus", "health", "debug");

    /** Sleeps beyond this (30 years) are one and the same mistake; the bound keeps sums from overflowing. */
    private static final long MAX_SECONDS = 1_000_000_000L;

    private WorkloadReader() {}

    /**
     * Reads a workload of a known kind.
     *
     * @param object as it came
     * @param namespace used where the object names none
     */
    public static Workload read(JsonNode object, WorkloadKind kind, String namespace) {
        JsonNode metadata = object.path("metadata");
        String name = text(metadata.path("name"));
        return new Workload(
                kind,
                metadata.path("namespace").asText(namespace),
                name.isEmpty() ? text(metadata.path("generateName")) : name,
                template(object, kind));
    }

    /** The node of an object's pod template: the object itself where it is a pod. */
    static JsonNode templateNode(JsonNode object, WorkloadKind kind) {
        JsonNode node = object;
        for (String name : kind.templatePath()) {
            node = node.path(name);
        }
        return node;
    }

    private static PodTemplate template(JsonNode object, WorkloadKind kind) {
        JsonNode template = templateNode(object, kind);
        JsonNode spec = template.path("spec");
        JsonNode annotations = template.path("metadata").path("annotations");
        String encoded = textOrNull(annotations.path(Annotations.INJECTED));
        InjectionRecord record = encoded == null ? null : InjectionRecord.decode(encoded);
        AuthorFacts facts = AuthorFacts.of(
                textOrNull(annotations.path(Annotations.SHUTDOWN_SECONDS)),
                textOrNull(annotations.path(Annotations.DRAIN_SECONDS)));
        Long grace = seconds(spec.path("terminationGracePeriodSeconds"));
        List<Container> containers = new ArrayList<>();
        containers(spec.path("containers"), kind.specField() + "containers", false, facts, containers);
        containers(spec.path("initContainers"), kind.specField() + "initContainers", true, facts, containers);
        return new PodTemplate(
                kind.specField(),
                strings(template.path("metadata").path("labels")),
                grace,
                new GraceAuthor(object, kind, grace, record),
                record,
                containers,
                facts,
                text(spec.path("os").path("name")),
                spec.path("shareProcessNamespace").asBoolean(false),
                spec.path("hostNetwork").asBoolean(false),
                gates(spec.path("readinessGates")));
    }

    private static List<String> gates(JsonNode gates) {
        if (!gates.isArray() || gates.isEmpty()) {
            return List.of();
        }
        List<String> types = new ArrayList<>();
        gates.forEach(gate -> types.add(text(gate.path("conditionType"))));
        return types;
    }

    private static void containers(JsonNode list, String field, boolean init, AuthorFacts facts, List<Container> into) {
        if (!list.isArray()) {
            return; // An object has a size too, but nothing at an index.
        }
        for (int index = 0; index < list.size(); index++) {
            JsonNode container = list.get(index);
            if (!container.isObject()
                    || (init && !text(container.path("restartPolicy")).equals("Always"))) {
                continue; // A plain init container may have no lifecycle and has ended long before.
            }
            into.add(container(container, index, field, init, facts));
        }
    }

    private static Container container(JsonNode node, int index, String list, boolean init, AuthorFacts facts) {
        JsonNode lifecycle = node.path("lifecycle");
        String name = text(node.path("name"));
        PreStop hook = preStop(lifecycle);
        Long declared = facts.drainSeconds().get(name);
        boolean ofTheHook = hook instanceof PreStop.Exec || hook instanceof PreStop.HttpGet;
        return new Container(
                name,
                index,
                init,
                list + "[" + (name.isEmpty() ? String.valueOf(index) : name) + "]",
                tcpPorts(node.path("ports")),
                declared != null && ofTheHook ? hook.declared(declared) : hook,
                lifecycle.isObject() && lifecycle.isEmpty(),
                declared == null || ofTheHook ? 0 : declared,
                UnparsedValue.isObject(node.path(UnparsedValue.READINESS_PROBE)),
                textOrNull(lifecycle.path("stopSignal")),
                words(node.path("command")),
                words(node.path("args")));
    }

    private static List<String> words(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>(list.size());
        list.forEach(word -> words.add(word.asText()));
        return words;
    }

    private static List<Integer> tcpPorts(JsonNode ports) {
        List<Integer> serving = new ArrayList<>();
        for (JsonNode port : ports) {
            String protocol = text(port.path("protocol"));
            if ((protocol.isEmpty() || protocol.equals("TCP"))
                    && port.path("containerPort").isInt()
                    && !NOT_SERVING.contains(text(port.path("name")).toLowerCase(Locale.ROOT))) {
                serving.add(port.path("containerPort").intValue());
            }
        }
        return serving;
    }

    private static PreStop preStop(JsonNode lifecycle) {
        if (absent(lifecycle) || (lifecycle.isObject() && absent(lifecycle.path("preStop")))) {
            return new PreStop.None();
        }
        JsonNode hook = lifecycle.path("preStop");
        List<PreStop> handlers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> handler : hook.properties()) {
            if (!absent(handler.getValue())) {
                handlers.add(handler(handler.getKey(), handler.getValue()));
            }
        }
        return switch (handlers.size()) {
            case 0 -> new PreStop.Broken("without a handler");
            case 1 -> handlers.get(0);
            default -> new PreStop.Several(handlers);
        };
    }

    private static PreStop handler(String name, JsonNode value) {
        return switch (name) {
            case "sleep" -> {
                Long seconds = seconds(value.path("seconds"));
                yield new PreStop.Sleep(seconds == null ? 0 : Math.min(seconds, MAX_SECONDS));
            }
            case "exec" -> {
                List<String> command = words(value.path("command"));
                yield new PreStop.Exec(command, ExecLength.of(command));
            }
            case "httpGet" -> new PreStop.HttpGet(text(value.path("host")), new HookLength.Unknown());
            default -> new PreStop.Broken(name);
        };
    }

    static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new TreeMap<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                strings.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return strings;
    }

    private static @Nullable Long seconds(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? (Long) node.longValue() : null;
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static @Nullable String textOrNull(JsonNode node) {
        return node.isTextual() ? node.textValue() : null;
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : "";
    }
}
