package io.gracekeeper.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the list of registered kinds, and says everything that is wrong with it, by its path in the chart's values. */
final class RegisteredKindReader {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Pattern GROUP =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+");
    private static final Pattern VERSION = Pattern.compile("v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?");
    private static final Pattern KIND = Pattern.compile("[A-Z][A-Za-z0-9]{0,62}");
    private static final Pattern RESOURCE = Pattern.compile("[a-z][a-z0-9]{0,62}");
    private static final Pattern PATH = Pattern.compile("[A-Za-z][A-Za-z0-9]*(\\.[A-Za-z][A-Za-z0-9]*)*");
    private static final Pattern USER = Pattern.compile("\\S{1,253}");
    private static final Set<String> KEYS =
            new TreeSet<>(Set.of("group", "version", "kind", "resource", "templatePath", "controllers"));
    private static final String EXAMPLE =
            "[{\"group\": \"argoproj.io\", \"version\": \"v1alpha1\", \"kind\": \"Rollout\","
                    + " \"resource\": \"rollouts\", \"templatePath\": \"spec.template\", \"controllers\":"
                    + " [\"system:serviceaccount:argo-rollouts:argo-rollouts\"]}]";

    private final String name;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private RegisteredKindReader(String name) {
        this.name = name;
    }

    /**
     * Reads a list.
     *
     * @param name of the variable, for messages
     * @param problems what is wrong is added here
     */
    static List<RegisteredKind> read(String name, String json, List<String> problems) {
        var reader = new RegisteredKindReader(name);
        List<RegisteredKind> kinds = reader.list(json);
        problems.addAll(reader.problems);
        return reader.problems.isEmpty() ? kinds : List.of();
    }

    private List<RegisteredKind> list(String json) {
        JsonNode list;
        try {
            list = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            problems.add(name + " is not JSON: write a list, as in " + EXAMPLE);
            return List.of();
        }
        if (!list.isArray()) {
            problems.add(name + " is not a list: write one, as in " + EXAMPLE);
            return List.of();
        }
        List<RegisteredKind> kinds = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            kinds.add(kind(list.get(i), name + "[" + i + "]"));
        }
        return kinds;
    }

    private RegisteredKind kind(JsonNode node, String path) {
        for (String key : new TreeSet<>(names(node))) {
            if (!KEYS.contains(key)) {
                problems.add(path + "." + key + " is not a field that I know; known are " + String.join(", ", KEYS));
            }
        }
        String group = text(node, path, "group", GROUP, "an API group with a dot, as in argoproj.io");
        String version = text(node, path, "version", VERSION, "an API version, as in v1alpha1");
        String kind = text(node, path, "kind", KIND, "a kind, as in Rollout");
        String resource = text(node, path, "resource", RESOURCE, "the kind's plural in URLs, as in rollouts");
        String template =
                text(node, path, "templatePath", PATH, "the fields that lead to the pod template, as in spec.template");
        var workload = new WorkloadKind(group, kind, List.of(template.split("\\.")), true, controllers(node, path));
        if (!seen.add(group + "/" + kind)) {
            problems.add(path + " registers " + kind + "." + group + " a second time: keep one of them");
        }
        if (WorkloadKinds.BUILT_IN.of(group + "/" + version, kind) != null) {
            problems.add(path + " registers " + kind + " of Kubernetes itself, which is known already: remove it");
        }
        return new RegisteredKind(workload, version, resource);
    }

    private Set<String> controllers(JsonNode node, String path) {
        JsonNode users = node.path("controllers");
        Set<String> controllers = new HashSet<>();
        if (!users.isArray() || users.isEmpty()) {
            problems.add(path + ".controllers is missing: name the users as which its controller makes pods, as in"
                    + " [\"system:serviceaccount:argo-rollouts:argo-rollouts\"]");
            return controllers;
        }
        for (int i = 0; i < users.size(); i++) {
            JsonNode user = users.get(i);
            if (user.isTextual() && USER.matcher(user.textValue()).matches()) {
                controllers.add(user.textValue());
            } else {
                problems.add(path + ".controllers[" + i + "]=" + user + " is not a user name, as in"
                        + " system:serviceaccount:<namespace>:<name>");
            }
        }
        return controllers;
    }

    private String text(JsonNode node, String path, String field, Pattern form, String expected) {
        JsonNode value = node.path(field);
        if (value.isTextual() && form.matcher(value.textValue()).matches()) {
            return value.textValue();
        }
        problems.add(path + "." + field + (value.isMissingNode() ? " is missing: write " : "=" + value + " is not ")
                + expected);
        return "";
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
