package io.gracekeeper.cli.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.gracekeeper.cli.check.CheckResult;
import io.gracekeeper.cli.check.Finding;
import io.gracekeeper.cli.check.Severity;
import io.gracekeeper.cli.check.Verdict;
import io.gracekeeper.cli.manifest.Position;
import io.gracekeeper.cli.manifest.Unreadable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SARIF 2.1.0, for code scanning.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">the standard</a>
 */
public final class SarifReport implements Report {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final String PATH_CHARACTERS = "/-._~!$&'()*+,;=:@";
    private static final JsonFactory JSON = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    private final String version;
    private final Map<String, String> rationales;

    /**
     * A report.
     *
     * @param version of the tool
     * @param rationales why, by rule
     */
    public SarifReport(String version, Map<String, String> rationales) {
        this.version = version;
        this.rationales = Map.copyOf(rationales);
    }

    @Override
    public void write(CheckResult result, PrintWriter out) {
        List<Finding> findings = result.verdicts().stream()
                .map(Verdict::findings)
                .flatMap(List::stream)
                .toList();
        List<String> rules = new ArrayList<>(findings.stream()
                .map(Finding::rule)
                .filter(rule -> !rule.isEmpty())
                .distinct()
                .sorted()
                .toList());
        try (JsonGenerator json = JSON.createGenerator(out).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("$schema", SCHEMA);
            json.writeStringField("version", "2.1.0");
            json.writeArrayFieldStart("runs");
            json.writeStartObject();
            tool(rules, json);
            json.writeStringField("columnKind", "unicodeCodePoints");
            invocation(result.unreadable(), json);
            json.writeArrayFieldStart("results");
            for (Finding finding : findings) {
                write(finding, rules.indexOf(finding.rule()), json);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("can't write the report", e);
        }
        out.println();
    }

    private void tool(List<String> rules, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "gracekeeper");
        json.writeStringField("version", version);
        json.writeStringField("informationUri", "https://github.com/gracekeeper/gracekeeper");
        json.writeArrayFieldStart("rules");
        for (String rule : rules) {
            json.writeStartObject();
            json.writeStringField("id", rule);
            String rationale = rationales.get(rule);
            if (rationale != null) {
                text("shortDescription", rule, json);
                text("fullDescription", rationale, json);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    /** What could not be read is a notification of the tool, not a result about a workload. */
    private static void invocation(List<Unreadable> problems, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("invocations");
        json.writeStartObject();
        json.writeBooleanField("executionSuccessful", problems.isEmpty());
        json.writeArrayFieldStart("toolExecutionNotifications");
        for (Unreadable problem : problems) {
            json.writeStartObject();
            json.writeStringField("level", "error");
            text("message", problem.problem(), json);
            location(problem.input(), problem.position(), null, json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void write(Finding finding, int ruleIndex, JsonGenerator json) throws IOException {
        json.writeStartObject();
        if (ruleIndex >= 0) {
            json.writeStringField("ruleId", finding.rule());
            json.writeNumberField("ruleIndex", ruleIndex);
        }
        json.writeStringField("level", level(finding.severity()));
        text("message", finding.workload() + ": " + Words.sentence(finding), json);
        location(finding.input(), finding.position(), finding.workload(), json);
        json.writeObjectFieldStart("partialFingerprints");
        json.writeStringField("workloadRuleField/v1", fingerprint(finding));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void location(
            String input, @Nullable Position position, @Nullable String workload, JsonGenerator json)
            throws IOException {
        if (input.isEmpty() && workload == null) {
            return; // The cluster as a whole.
        }
        json.writeArrayFieldStart("locations");
        json.writeStartObject();
        if (!input.isEmpty()) {
            physicalLocation(input, position, json);
        }
        if (workload != null) {
            json.writeArrayFieldStart("logicalLocations");
            json.writeStartObject();
            json.writeStringField("fullyQualifiedName", workload);
            json.writeEndObject();
            json.writeEndArray();
        }
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void physicalLocation(String input, @Nullable Position position, JsonGenerator json)
            throws IOException {
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(input));
        json.writeEndObject();
        if (position != null && position.isSomewhere()) {
            json.writeObjectFieldStart("region");
            json.writeNumberField("startLine", position.line());
            json.writeNumberField("startColumn", position.column());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void text(String name, String text, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case DENY -> "error";
            case WARN -> "warning";
            case AUDIT, NOTE -> "note";
        };
    }

    /**
     * A reference by RFC 3986, relative as the user wrote it, so that code scanning finds the file in the repository. A first part
     * with a colon would be a scheme.
     */
    static String uri(String input) {
        var uri = new StringBuilder();
        int slash = input.indexOf('/');
        int colon = input.indexOf(':');
        if (colon >= 0 && (slash < 0 || colon < slash)) {
            uri.append("./");
        }
        for (byte b : input.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && (Character.isLetterOrDigit(b) || PATH_CHARACTERS.indexOf(b) >= 0)) {
                uri.append((char) b);
            } else {
                uri.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return uri.toString();
    }

    /** The same for the same violation, wherever it moves in its file. */
    private static String fingerprint(Finding finding) {
        String identity = finding.workload() + "\n" + finding.rule() + "\n" + finding.field();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
