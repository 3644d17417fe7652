package io.gracekeeper.operator.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.operator.workload.Finding;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.Violation;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Puts a namespace's report together. Pure: equal findings give an equal report. */
final class ReportBuilder {
    /** The most results that a report lists; its summary counts all. */
    static final int MAX_RESULTS = 500;

    /** On a report: how many results are left out. */
    static final String LEFT_OUT = "gracekeeper.io/results-left-out";

    static final String API_VERSION = "wgpolicyk8s.io/v1alpha2";
    static final String NAME = "gracekeeper";
    static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private ReportBuilder() {}

    /**
     * The object with whose end the reports go.
     *
     * @param name of a ClusterRole
     * @param uid of the same
     */
    record Owner(String name, String uid) {}

    /** A result, and how it is ordered: what is refused first, what is forgiven last. */
    private record Result(Finding finding, Violation violation, Outcome outcome) {}

    private enum Outcome {
        FAIL("fail"),
        WARN("warn"),
        SKIP("skip");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }
    }

    static ObjectNode build(String namespace, List<Finding> findings, Owner owner) {
        List<Result> results = results(findings);
        int leftOut = Math.max(0, results.size() - MAX_RESULTS);
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.put("apiVersion", API_VERSION).put("kind", "PolicyReport");
        ObjectNode metadata = report.putObject("metadata");
        metadata.put("namespace", namespace).put("name", NAME);
        metadata.putObject("labels").put(MANAGED_BY, "gracekeeper");
        if (leftOut > 0) {
            metadata.putObject("annotations").put(LEFT_OUT, String.valueOf(leftOut));
        }
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "rbac.authorization.k8s.io/v1")
                .put("kind", "ClusterRole")
                .put("name", owner.name())
                .put("uid", owner.uid());
        report.putObject("summary")
                .put("pass", count(findings))
                .put("fail", count(results, Outcome.FAIL))
                .put("warn", count(results, Outcome.WARN))
                .put("error", 0)
                .put("skip", count(results, Outcome.SKIP));
        ArrayNode list = report.putArray("results");
        results.stream().limit(MAX_RESULTS).forEach(result -> list.add(json(result)));
        return report;
    }

    /** What tells whether a report has to be written again: the same for one that was read back, whatever the order of its keys. */
    static String content(JsonNode report) {
        try {
            ObjectNode content = JsonNodeFactory.instance.objectNode();
            content.set("owners", report.at("/metadata/ownerReferences"));
            content.put(
                    "leftOut",
                    report.path("metadata").path("annotations").path(LEFT_OUT).asText(""));
            content.set("summary", report.path("summary"));
            content.set("results", report.path("results"));
            return JSON.writeValueAsString(JSON.convertValue(content, Map.class));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree can't be written", e);
        }
    }

    private static List<Result> results(List<Finding> findings) {
        List<Result> results = new ArrayList<>();
        for (Finding finding : findings) {
            for (Violation violation : finding.violations()) {
                results.add(new Result(
                        finding, violation, violation.action() == ValidationAction.DENY ? Outcome.FAIL : Outcome.WARN));
            }
            finding.forgiven().forEach(violation -> results.add(new Result(finding, violation, Outcome.SKIP)));
        }
        results.sort(Comparator.comparing(Result::outcome)
                .thenComparing(result -> result.finding().display())
                .thenComparing(result -> result.violation().rule())
                .thenComparing(result -> result.violation().message()));
        return results;
    }

    private static int count(List<Finding> findings) {
        return (int) findings.stream()
                .filter(finding -> finding.classification() == Classification.COMPLIANT)
                .count();
    }

    private static int count(List<Result> results, Outcome outcome) {
        return (int)
                results.stream().filter(result -> result.outcome() == outcome).count();
    }

    private static ObjectNode json(Result result) {
        Finding finding = result.finding();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("source", "gracekeeper")
                .put("category", "Graceful shutdown")
                .put("policy", result.violation().policy().toString())
                .put("rule", result.violation().rule().word())
                .put("result", result.outcome().word)
                .put("scored", true)
                .put("message", result.violation().text());
        json.putArray("resources")
                .addObject()
                .put("apiVersion", finding.apiVersion())
                .put("kind", finding.kind().kind())
                .put("namespace", finding.namespace())
                .put("name", finding.name())
                .put("uid", finding.uid());
        return json;
    }
}
