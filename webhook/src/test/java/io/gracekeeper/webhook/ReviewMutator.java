package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Changes a review as no API server would and as a webhook must expect: fields dropped, nulled, retyped, doubled, moved, huge, or in
 * unheard-of scripts. Knows where the fields are that the rules read, and changes those more often. The same seed changes the same.
 */
final class ReviewMutator {
    private static final List<String> READ_FIELDS = List.of(
            "terminationGracePeriodSeconds",
            "lifecycle",
            "preStop",
            "sleep",
            "seconds",
            "exec",
            "command",
            "args",
            "httpGet",
            "tcpSocket",
            "stopSignal",
            "ports",
            "containerPort",
            "protocol",
            "name",
            "readinessProbe",
            "restartPolicy",
            "containers",
            "initContainers",
            "os",
            "readinessGates",
            "shareProcessNamespace",
            "hostNetwork",
            "labels",
            "annotations",
            "managedFields",
            "ownerReferences",
            "template",
            "spec",
            "metadata",
            "replicas",
            "strategy");

    private static final List<String> ODD = List.of(
            "null",
            "true",
            "0",
            "-1",
            "30",
            "35",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "1e400",
            "4.5",
            "\"\"",
            "\"30\"",
            "\"Always\"",
            "\"SIGKILL\"",
            "\"\\u0000\\n\\ud83d\"",
            "\"\u202e\u0646\u06cc\u0645\ud83d\ude80\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "[{}]",
            "[\"sh\",\"-c\",\"sleep 10 && kill 1\"]",
            "[\"/bin/sleep\",\"99999999999999999999\"]",
            "[\"timeout\",\"5\",\"sleep\",null]",
            "{\"sleep\":{\"seconds\":null}}",
            "{\"sleep\":{\"seconds\":20}}",
            "{\"exec\":{\"command\":\"sleep 5\"},\"sleep\":{\"seconds\":5}}",
            "{\"httpGet\":{\"port\":{}}}",
            "{\"preStop\":{}}",
            "{\"preStop\":{\"exec\":{\"command\":[\"sleep\",\"5\"]}}}",
            "{\"gracekeeper.io/injected\":\"v1 grace=35 app=10\",\"gracekeeper.io/shutdown-seconds\":\"1e9\"}",
            "{\"gracekeeper.io/drain-seconds\":\"app=12,=,proxy=-1\",\"gracekeeper.io/break-glass\":\"now please\"}",
            "{\"a\":{\"b\":[1]}}");

    private final Random random;

    ReviewMutator(long seed) {
        this.random = new Random(seed);
    }

    /** Makes one to six changes. */
    void mutate(ObjectNode review) {
        int changes = 1 + random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            change(review);
        }
    }

    private void change(ObjectNode review) {
        JsonNode request = review.path("request");
        JsonNode start = switch (random.nextInt(12)) {
            case 0 -> review;
            case 1 -> request;
            case 2, 3 -> request.path("oldObject");
            default -> request.path("object");
        };
        List<JsonNode> parents = new ArrayList<>();
        collect(start, parents);
        if (parents.isEmpty()) {
            return;
        }
        switch (parents.get(random.nextInt(parents.size()))) {
            case ObjectNode object -> change(object, parents);
            case ArrayNode array -> change(array);
            default -> throw new IllegalStateException();
        }
    }

    private void change(ObjectNode object, List<JsonNode> parents) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.isEmpty() || random.nextInt(3) == 0
                ? READ_FIELDS.get(random.nextInt(READ_FIELDS.size()))
                : names.get(random.nextInt(names.size()));
        switch (random.nextInt(8)) {
            case 0, 1 -> object.remove(name);
            case 2 ->
                object.set(name, parents.get(random.nextInt(parents.size())).deepCopy());
            case 3 -> object.set(name, huge());
            case 4 -> object.set(new String(Character.toChars(0x1F300 + random.nextInt(200))), odd());
            default -> object.set(name, odd());
        }
    }

    private void change(ArrayNode array) {
        int index = array.isEmpty() ? 0 : random.nextInt(array.size());
        switch (random.nextInt(5)) {
            case 0 -> array.remove(index);
            case 1 -> {
                int copies = array.isEmpty() || array.size() > 50 ? 0 : 1 + random.nextInt(40);
                for (int i = 0; i < copies; i++) {
                    array.add(array.get(index).deepCopy());
                }
            }
            case 2 -> array.removeAll();
            default -> array.insert(index, odd());
        }
    }

    private JsonNode odd() {
        return Reviews.parse(ODD.get(random.nextInt(ODD.size())));
    }

    private JsonNode huge() {
        return switch (random.nextInt(3)) {
            case 0 -> Reviews.JSON.getNodeFactory().textNode("x".repeat(1 + random.nextInt(20_000)));
            case 1 -> {
                JsonNode deep = Reviews.JSON.createObjectNode();
                for (int i = 0; i < random.nextInt(300); i++) {
                    deep = Reviews.JSON.createObjectNode().set("preStop", deep);
                }
                yield deep;
            }
            default -> {
                ArrayNode many = Reviews.JSON.createArrayNode();
                for (int i = 0; i < random.nextInt(2000); i++) {
                    many.add(i);
                }
                yield many;
            }
        };
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
        if (node.isContainerNode() && into.size() < 5000) {
            into.add(node);
            node.forEach(child -> collect(child, into));
        }
    }
}
