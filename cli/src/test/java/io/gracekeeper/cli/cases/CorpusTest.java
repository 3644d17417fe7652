package io.gracekeeper.cli.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracekeeper.cli.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus that every door runs, at the command line's. */
@DisplayName("Of every case of the corpus, the command line says what is expected:")
class CorpusTest {
    private static final Path ROOT = Path.of("../testdata/cases");
    private static final String NOW = "2026-11-24T12:00:00Z";

    @TempDir
    Path folder;

    static List<CaseFolder> cases() throws IOException {
        return CaseFolder.below(ROOT, Instant.now());
    }

    @Test
    @DisplayName("test, whole")
    void testSaysWhatIsExpected() {
        CommandLineRun run = CommandLineRun.of("test", "--now", NOW, ROOT.toString());

        assertThat(run.out()).doesNotContain("FAIL");
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest(name = "check: {0}")
    @MethodSource("cases")
    @DisplayName("check, its violations with field and words")
    void checkSaysWhatIsExpected(CaseFolder one) throws IOException {
        List<String> args = new ArrayList<>(List.of("check", "-o", "json"));
        args.addAll(List.of("--policy", copy(one, "policy.yaml"), copy(one, "object.yaml")));

        CommandLineRun run = CommandLineRun.of(args.toArray(String[]::new));

        JsonNode expected = one.expected();
        JsonNode verdict = new ObjectMapper().readTree(run.out()).at("/workloads/0");
        List<String> said = StreamSupport.stream(verdict.path("findings").spliterator(), false)
                .filter(finding -> !finding.path("policy").asText().isEmpty())
                .filter(finding -> !finding.path("message").asText().contains(" Forgiven by exception "))
                .map(CorpusTest::words)
                .toList();
        assertThat(said)
                .as(run.err())
                .containsExactlyElementsOf(
                        StreamSupport.stream(expected.path("violations").spliterator(), false)
                                .map(violation -> violation.path("rule").asText() + " "
                                        + violation.path("field").asText() + ": "
                                        + violation.path("message").asText())
                                .toList());
        assertThat(verdict.path("classification").asText())
                .isEqualToIgnoringCase(expected.path("classification").asText());
    }

    @ParameterizedTest(name = "fix: {0}")
    @MethodSource("cases")
    @DisplayName(
            "fix, which leaves nothing violated that was not, tells what it leaves, and does nothing the second time")
    void fixLeavesNoNewViolation(CaseFolder one) throws IOException {
        String policy = copy(one, "policy.yaml");
        String before = one.text("object.yaml").text();

        CommandLineRun fixed = CommandLineRun.withInput(before, "fix", "--policy", policy, "-");

        assertThat(fixed.exitCode()).as(fixed.err()).isIn(0, 1);
        CommandLineRun check = CommandLineRun.withInput(fixed.out(), "check", "--policy", policy, "-");
        assertThat(check.exitCode()).as(fixed.out() + fixed.err()).isEqualTo(fixed.exitCode());
        CommandLineRun again = CommandLineRun.withInput(fixed.out(), "fix", "--policy", policy, "-");
        assertThat(again.out()).isEqualTo(fixed.out());
        assertThat(again.err()).isEqualTo(fixed.err());
    }

    private static String words(JsonNode finding) {
        String message = finding.path("message").asText().replaceFirst(" Injected at admission by [^ ]+\\.$", "");
        String fix = finding.has("fix")
                ? " Fix:\n    " + finding.path("fix").asText().replace("\n", "\n    ")
                : "";
        return finding.path("rule").asText() + " " + finding.path("field").asText() + ": " + message + fix;
    }

    private String copy(CaseFolder one, String file) throws IOException {
        return Files.writeString(folder.resolve(file), one.text(file).text()).toString();
    }
}
