package io.gracekeeper.cli.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.gracekeeper.cli.check.CheckResult;
import io.gracekeeper.cli.check.Finding;
import io.gracekeeper.cli.check.Inputs;
import io.gracekeeper.cli.check.Severity;
import io.gracekeeper.cli.check.Verdict;
import io.gracekeeper.cli.manifest.Unreadable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** For programs: everything that the text has, by name. */
public final class JsonReport implements Report {
    private static final JsonFactory JSON = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    @Override
    public void write(CheckResult result, PrintWriter out) {
        try (JsonGenerator json = JSON.createGenerator(out).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeArrayFieldStart("workloads");
            for (Verdict verdict : result.verdicts()) {
                write(verdict, json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("problems");
            for (Unreadable problem : result.unreadable()) {
                write(problem, json);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("summary");
            write(result.inputs(), json);
            json.writeNumberField("workloads", result.verdicts().size());
            json.writeNumberField("matched", result.matched());
            json.writeNumberField("violating", result.violating(Severity.AUDIT));
            json.writeNumberField("violations", result.count(Severity.AUDIT));
            json.writeNumberField("problems", result.unreadable().size());
            json.writeNumberField("skippedDocuments", result.skipped());
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("can't write the report", e);
        }
        out.println();
    }

    private static void write(Inputs inputs, JsonGenerator json) throws IOException {
        switch (inputs) {
            case Inputs.Files files -> json.writeNumberField("inputs", files.count());
            case Inputs.Cluster cluster -> json.writeNumberField("namespaces", cluster.namespaces());
        }
    }

    /** Objects of a cluster are in no file. */
    private static void writeFile(String input, JsonGenerator json) throws IOException {
        if (!input.isEmpty()) {
            json.writeStringField("file", input);
        }
    }

    private static void write(Verdict verdict, JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeFile(verdict.input(), json);
        json.writeStringField("workload", verdict.workload());
        json.writeStringField("classification", Words.classification(verdict.classification()));
        json.writeBooleanField("injectedAtAdmission", verdict.injected());
        json.writeArrayFieldStart("findings");
        for (Finding finding : verdict.findings()) {
            write(finding, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(Finding finding, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("severity", finding.severity().word());
        json.writeStringField("rule", finding.rule());
        json.writeStringField("field", finding.field());
        if (finding.position().isSomewhere()) {
            json.writeNumberField("line", finding.position().line());
            json.writeNumberField("column", finding.position().column());
        }
        json.writeStringField("message", finding.message());
        if (finding.fix() != null) {
            json.writeStringField("fix", finding.fix());
        }
        json.writeStringField("policy", finding.policy());
        json.writeEndObject();
    }

    private static void write(Unreadable problem, JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeFile(problem.input(), json);
        if (problem.position() != null && problem.position().isSomewhere()) {
            json.writeNumberField("line", problem.position().line());
            json.writeNumberField("column", problem.position().column());
        }
        json.writeStringField("message", problem.problem());
        json.writeEndObject();
    }
}
