package io.gracekeeper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The packed command line")
class PackagedIT {
    private static final String POLICY = """
            apiVersion: gracekeeper.io/v1alpha1
            kind: GracefulShutdownPolicy
            metadata: {name: web}
            spec:
              requirements: {shutdownSeconds: 20, marginSeconds: 5}
              validation: {actions: [Deny]}
            """;

    private static final String MANIFEST =
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec:"
                    + " {terminationGracePeriodSeconds: 20, containers: [{name: app}]}}}\n";

    @TempDir
    Path folder;

    private record Ended(int code, String out, String err) {}

    private Ended run(Path program, String stdin, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(args));
        Path in = Files.writeString(folder.resolve("in"), stdin);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Ended(
                code, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    private static Path launcher() {
        return Path.of(System.getProperty("cli.folder"), "bin", "kubectl-gracekeeper");
    }

    @Test
    @DisplayName("starts from anywhere, through a link and by kubectl's name, and hands out the exit codes")
    void starts() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("policy.yaml"), POLICY);
        Path link = Files.createSymbolicLink(folder.resolve("kubectl-gracekeeper"), launcher());

        Ended version = run(link, "", Map.of(), "version");
        assertThat(version.err()).isEmpty();
        assertThat(version.out()).startsWith("gracekeeper " + System.getProperty("cli.version") + " (Java 25");

        Ended bad = run(link, MANIFEST, Map.of(), "check", "--policy", "policy.yaml", "-");
        assertThat(bad.err()).isEmpty();
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out())
                .startsWith("<stdin>:4:26: error: Deployment default/a [BudgetFits]")
                .doesNotContain("\u001b");

        Ended good = run(link, MANIFEST.replace("20", "25"), Map.of(), "check", "--policy", "policy.yaml", "-");
        assertThat(good.code()).isZero();
        assertThat(run(link, "a: [", Map.of(), "check", "--policy", "policy.yaml", "-")
                        .code())
                .isEqualTo(3);
        assertThat(run(link, "", Map.of(), "check", "--policy", "policy.yaml").code())
                .isEqualTo(2);
    }

    @Test
    @DisplayName("starts by its AOT cache, also where the tar was unpacked elsewhere")
    void startsByItsCache() throws IOException, InterruptedException {
        Ended unpacked = run(Path.of("tar"), "", Map.of(), "-xzf", System.getProperty("cli.tar"));
        assertThat(unpacked.err()).isEmpty();

        Path moved = folder.resolve("gracekeeper-cli/bin/kubectl-gracekeeper");
        Ended version =
                run(moved, "", Map.of("GRACEKEEPER_JAVA_OPTS", "-XX:AOTMode=on -Xlog:class+load:stderr"), "version");

        assertThat(version.code()).as(version.err()).isZero();
        assertThat(version.err().lines().filter(line -> line.contains("picocli.CommandLine ")))
                .singleElement()
                .asString()
                .contains("shared objects file");
    }

    @Test
    @DisplayName("refuses 50 MB of a YAML bomb and reads 50 MB of a List in a heap of 256 MB")
    void isBoundedInMemory() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("policy.yaml"), POLICY);
        String item = "- " + MANIFEST.replace("20", "25").replace("\n", "\n  ").stripTrailing() + "\n";
        StringBuilder list = new StringBuilder("apiVersion: v1\nkind: List\nitems:\n");
        while (list.length() < 50_000_000) {
            list.append(item);
        }
        Map<String, String> heap = Map.of("GRACEKEEPER_JAVA_OPTS", "-Xmx256m");

        Ended many = run(launcher(), list.toString(), heap, "check", "--policy", "policy.yaml", "-");
        assertThat(many.err()).isEmpty();
        assertThat(many.out()).contains(" fine, 0 violating");

        String bomb = "a: &a [" + "x, ".repeat(30_000) + "x]\nb: [" + "*a, ".repeat(12_000_000) + "*a]\n";
        Ended refused = run(launcher(), bomb, heap, "check", "--policy", "policy.yaml", "-");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("YAML bomb");
    }

    static Stream<Arguments> large() {
        return Stream.of(
                Arguments.of(
                        "one string of YAML", "a: \"", "x", "\"\n", 3, ":1:2: has a value or comment of more than"),
                Arguments.of("one key", "", "x", ": 1\n", 3, ":1:1: has a value or comment of more than"),
                Arguments.of("one block", "a: |\n", "  x\n", "", 3, ":1:2: has a value or comment of more than"),
                Arguments.of("one comment", "# ", "x", "\na: 1\n", 3, ":1:1: has a value or comment of more than"),
                Arguments.of("one string of JSON", "{\"a\": \"", "x", "\"}", 3, "has a value or comment of more than"),
                Arguments.of("an open quote", "a: '", "x\n", "", 3, ":1:2: has a value or comment of more than"),
                Arguments.of("nothing but NUL", "", "\0", "", 3, ":1:1: the character U+0000 is not allowed"),
                Arguments.of("nothing but open brackets", "", "[", "", 3, ":1:252: is nested deeper than"),
                Arguments.of("nothing but dashes", "", "- ", "", 3, ":1:503: is nested deeper than"),
                Arguments.of("nothing but blanks", "", " \n", "", 0, ""),
                Arguments.of("empty documents", "", "---\n", "", 0, ""),
                Arguments.of("broken documents", "", "---\na: [\n", "", 3, "more can't be read"),
                Arguments.of("anchors without end", "", "- &a x\n", "", 3, "more than 500000 fields and items"),
                Arguments.of("no text", "a: ", "\u00E9\u00FF\u0001", "", 3, "is not UTF-8: line 1 has a byte"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("large")
    @DisplayName("tells in a line or two what 50 MB are that no API server takes, in a heap of 512 MB")
    void largeInputs(String what, String first, String repeated, String last, int code, String problem)
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("policy.yaml"), POLICY);
        var charset = what.equals("no text") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        Files.write(
                folder.resolve("large.yaml"),
                (first + repeated.repeat(50_000_000 / repeated.length()) + last).getBytes(charset));

        Ended ended = run(
                launcher(),
                "",
                Map.of("GRACEKEEPER_JAVA_OPTS", "-Xmx512m"),
                "check",
                "--policy",
                "policy.yaml",
                "large.yaml");
        assertThat(ended.err()).contains(problem).doesNotContain("Exception", "\tat ");
        assertThat(ended.err().length()).isLessThan(200_000);
        assertThat(ended.code()).isEqualTo(code);
    }

    @Test
    @DisplayName("says in one line that the memory is too small for what it was given, and how to give more")
    void outOfMemory() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("policy.yaml"), POLICY);
        Files.writeString(folder.resolve("large.yaml"), "# x\n".repeat(12_500_000));

        Ended ended = run(
                launcher(),
                "",
                Map.of("GRACEKEEPER_JAVA_OPTS", "-Xmx40m"),
                "check",
                "--policy",
                "policy.yaml",
                "large.yaml");
        assertThat(ended.err())
                .matches("error: the inputs don't fit into \\d+ MB of memory: .*GRACEKEEPER_JAVA_OPTS=-Xmx4g\n");
        assertThat(ended.code()).isEqualTo(3);
    }
}
