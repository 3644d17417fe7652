package io.gracekeeper.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.StreamSupport;

/** What users write. */
final class Manifests {
    /** Serves a port, and its author knows nothing of graceful shutdown. */
    static final String UNAWARE =
            "containers: [{name: app, image: example.test/app:1, ports: [{containerPort: 8080}]}]";

    /** What the policy below needs for it: 10 s of draining, 20 s of shutdown, 5 s to spare. */
    static final String AWARE = """
            terminationGracePeriodSeconds: 35
            containers:
            - name: app
              image: example.test/app:1
              ports: [{containerPort: 8080}]
              lifecycle: {preStop: {sleep: {seconds: 10}}}
            """;

    private static final String REQUIREMENTS = "requirements: {drainDelaySeconds: 10, shutdownSeconds: 20}";

    private Manifests() {}

    static String policy(String spec) {
        return """
                apiVersion: gracekeeper.io/v1alpha1
                kind: GracefulShutdownPolicy
                metadata: {name: web}
                spec: %s
                """.formatted(spec);
    }

    static String demanding(String rest) {
        return policy("{" + REQUIREMENTS + (rest.isEmpty() ? "" : ", " + rest) + "}");
    }

    /** A time so many days from now, as exceptions want it. */
    static String inDays(int days) {
        return Instant.now()
                .plus(days, ChronoUnit.DAYS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    static String deployment(String name, String podSpec) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                %2$s
                """.formatted(name, podSpec.strip().indent(6).stripTrailing());
    }

    /** What the API server says of an object by a condition; missing where it has none of that type. */
    static JsonNode condition(JsonNode object, String type) {
        return StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }
}
