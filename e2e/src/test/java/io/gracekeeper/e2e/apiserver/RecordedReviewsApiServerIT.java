package io.gracekeeper.e2e.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.e2e.machine.Checkout;
import io.gracekeeper.e2e.machine.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The webhook's own tests run on reviews that this API server sent. With {@code -Dgracekeeper.reviews=write} they are written anew;
 * without it they are compared by their shape, so that the next version of Kubernetes tells what it asks differently.
 */
@DisplayName("The reviews that the webhook's tests run on")
@OnRealApiServer
class RecordedReviewsApiServerIT {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final boolean WRITE = "write".equals(System.getProperty("gracekeeper.reviews"));
    private static final Set<String> EXPECTED = new TreeSet<>(Set.of(
            "deployment-create",
            "deployment-update",
            "statefulset-create",
            "statefulset-update",
            "daemonset-create",
            "daemonset-update",
            "replicaset-create",
            "replicaset-update",
            "replicationcontroller-create",
            "replicationcontroller-update",
            "cronjob-create",
            "cronjob-update",
            "job-create",
            "job-update",
            "pod-create",
            "job-create-by-cronjob-controller",
            "pod-create-by-daemon-set-controller",
            "pod-create-by-job-controller",
            "pod-create-by-replicaset-controller",
            "pod-create-by-replication-controller",
            "pod-create-by-statefulset-controller"));
    /** What controllers add to an object when they get to it. */
    private static final Set<String> COMES_LATER = Set.of(".status", ".annotations");

    private static final String BY_CONTROLLER = "system:serviceaccount:kube-system:";

    private Kubectl shop;
    private RecordingWebhook webhook;

    @BeforeAll
    void start(ApiServer server) throws Exception {
        webhook = RecordingWebhook.start();
        shop = server.cluster().kubectl("shop");
        shop.ok("create", "namespace", "shop");
        shop.ok("label", "namespace", "shop", WebhookUnderTest.SCOPE + "=recording");
        await().until(() -> shop.run("get", "serviceaccount", "default").succeeded());
        shop.apply(RenderedChart.yaml(WebhookUnderTest.configurations(
                server.chart(), "recording", webhook.url(), webhook.caBundle(), WebhookUnderTest.OnFailure.SHOW)));
        await("the API server asks").until(() -> {
            shop.with(Manifests.policy("{}"), "create", "--dry-run=server").orFail();
            return !webhook.asked().isEmpty();
        });
    }

    @AfterAll
    void stop() {
        shop.ok("delete", "mutatingwebhookconfiguration,validatingwebhookconfiguration", "gracekeeper-recording");
        shop.ok("delete", "node", "recording", "--ignore-not-found");
        shop.ok("delete", "namespace", "shop", "--wait=false");
        webhook.close();
    }

    @Test
    @DisplayName(
            "are those that this API server sends: of every kind that people write, and of what its controllers make of them")
    void recorded() throws IOException {
        shop.apply("{apiVersion: v1, kind: Node, metadata: {name: recording}}");
        for (String kind : new String[] {
            "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"
        }) {
            shop.apply(manifest(kind, "1"));
            shop.apply(manifest(kind, "2"));
        }
        shop.apply(manifest("Pod", "1"));
        String missed = Instant.now()
                .minus(150, ChronoUnit.SECONDS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        shop.ok(
                "patch",
                "cronjob",
                "checkout",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": {\"lastScheduleTime\": \"" + missed + "\"}}");
        await("all that is expected")
                .atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(validations().keySet()).isEqualTo(EXPECTED));

        for (Map.Entry<String, ObjectNode> each : validations().entrySet()) {
            Path file = Checkout.recordedReviews().resolve(each.getKey() + ".json");
            if (WRITE) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, JSON.writeValueAsString(each.getValue()) + "\n");
            }
            assertThat(shape(each.getValue())).as(each.getKey()).isEqualTo(shape(JSON.readTree(file.toFile())));
        }
        assertThat(Checkout.recordedReviews().toFile().list()).hasSize(EXPECTED.size());
    }

    /** The first review of each sort on the validating path, which all kinds take. */
    private Map<String, ObjectNode> validations() {
        Map<String, ObjectNode> byName = new TreeMap<>();
        for (RecordingWebhook.Asked each : webhook.asked()) {
            if (each.path().equals("/validate/workloads")) {
                String user = each.request().at("/userInfo/username").asText();
                String name = each.request().at("/kind/kind").asText() + "-"
                        + each.request().path("operation").asText()
                        + (user.startsWith(BY_CONTROLLER) ? "-by-" + user.substring(BY_CONTROLLER.length()) : "");
                byName.putIfAbsent(name.toLowerCase(Locale.ROOT), each.review());
            }
        }
        return byName;
    }

    /** Every path that there is and the type of its value: not what is there, not how often, and not what comes a moment later. */
    private static Set<String> shape(JsonNode review) {
        Set<String> shape = new TreeSet<>();
        collect(review, "", shape);
        return shape;
    }

    private static void collect(JsonNode node, String path, Set<String> shape) {
        if (node.isArray() && !path.endsWith(".managedFields")) {
            node.forEach(each -> collect(each, path + "[]", shape));
        } else if (node.isObject() && COMES_LATER.stream().noneMatch(path::endsWith)) {
            node.properties().forEach(entry -> collect(entry.getValue(), path + "." + entry.getKey(), shape));
        } else {
            shape.add(path + " " + node.getNodeType());
        }
    }

    /** Checkout in the image of a version; a Job is suspended and has another annotation, since no more of it may change. */
    private static String manifest(String kind, String version) {
        boolean job = kind.equals("Job") || kind.equals("CronJob");
        String spec = (job ? "restartPolicy: Never\n" : "") + """
                containers:
                - name: app
                  image: registry.example/checkout:%s
                  ports: [{name: http, containerPort: 8080}]
                  readinessProbe: {httpGet: {path: /ready, port: http}}
                """.formatted(kind.equals("Job") ? "1" : version);
        String template = "template:\n  metadata:\n    labels: {app: checkout-" + kind.toLowerCase(Locale.ROOT) + "}\n"
                + "    annotations: {example.test/version: \"" + version + "\"}\n  spec:\n"
                + spec.indent(4).stripTrailing();
        String selector = "{app: checkout-" + kind.toLowerCase(Locale.ROOT) + "}\n";
        String body = switch (kind) {
            case "Pod" -> spec;
            case "CronJob" -> "schedule: \"* * * * *\"\njobTemplate:\n  spec:\n" + template.indent(4);
            case "Job" -> "suspend: true\n" + template;
            case "ReplicationController" -> "selector: " + selector + template;
            case "StatefulSet" -> "serviceName: x\nselector: {matchLabels: " + selector.strip() + "}\n" + template;
            default -> "selector: {matchLabels: " + selector.strip() + "}\n" + template;
        };
        return "apiVersion: " + apiVersion(kind) + "\nkind: " + kind
                + "\nmetadata: {name: checkout, labels: {app: checkout, team: payments}}\nspec:\n" + body.indent(2);
    }

    private static String apiVersion(String kind) {
        return switch (kind) {
            case "Pod", "ReplicationController" -> "v1";
            case "Job", "CronJob" -> "batch/v1";
            default -> "apps/v1";
        };
    }
}
