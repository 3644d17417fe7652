package io.gracekeeper.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.cli.CommandLineRun;
import io.gracekeeper.cli.manifest.LimitedSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Whatever command reads it,")
class ExitCodesTest {
    private static final String POLICY = """
            apiVersion: gracekeeper.io/v1alpha1
            kind: GracefulShutdownPolicy
            metadata: {name: web, namespace: shop}
            spec: {requirements: {shutdownSeconds: 20}, validation: {actions: [Deny]}}
            """;

    private static final String WORKLOAD = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: a, namespace: shop}
            spec: {template: {spec: {terminationGracePeriodSeconds: 5, containers: [{name: a}]}}}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        write("policy.yaml", POLICY);
        write("good.yaml", WORKLOAD.replace("5,", "25,"));
        write("bad.yaml", WORKLOAD);
        write("broken.yaml", "a: [\n");
        Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE9});
        Files.createDirectories(folder.resolve("empty/.hidden"));
        Files.createDirectories(folder.resolve("case"));
        write("case/policy.yaml", POLICY);
        write("case/object.yaml", WORKLOAD);
        write("case/expected.yaml", "allowed: false\n");
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    /** Runs a command line in which {@code @} stands for the folder. */
    private CommandLineRun run(String line) {
        return CommandLineRun.of(Arrays.stream(line.split(" "))
                .map(word -> word.replace("@", folder + "/"))
                .toArray(String[]::new));
    }

    /** Each command that takes policies and paths, with places for one of each. */
    static Stream<String> commands() {
        return Stream.of(
                "check -p %s %s",
                "fix --diff -p %s %s",
                "simulate -p %s %s",
                "explain workload -p %s %s",
                "except --days 1 --reason x -p %s %s");
    }

    static Stream<Arguments> missing() {
        List<Arguments> all = List.of(
                Arguments.of("@policy.yaml", "@nope.yaml", "nope.yaml: no such file or folder"),
                Arguments.of("@policy.yaml", "@nope/*.yaml", "nope/*.yaml: no file matches"),
                Arguments.of("@policy.yaml", "@{.yaml", "{.yaml: is no glob: Missing '}"),
                Arguments.of("@policy.yaml", "@empty", "empty: no .yaml, .yml or .json file in this folder"),
                Arguments.of("@nope.yaml", "@good.yaml", "nope.yaml: no such file or folder"),
                Arguments.of("@*.yml", "@good.yaml", "*.yml: no file matches"),
                Arguments.of("@empty", "@good.yaml", "empty: no .yaml, .yml or .json file in this folder"),
                Arguments.of("@good.yaml", "@good.yaml", "no policy in "));
        return commands()
                .flatMap(command -> all.stream()
                        .map(each -> Arguments.of(command.formatted(each.get()[0], each.get()[1]), each.get()[2])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("missing")
    @DisplayName("a name that stands for nothing is wrong usage (2), and nothing is judged")
    void missing(String line, String error) {
        CommandLineRun run = run(line);

        assertThat(run.err()).startsWith("error: ").contains(error);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    static Stream<String> unreadable() {
        return commands()
                .flatMap(command -> Stream.of(
                        command.formatted("@policy.yaml", "@broken.yaml @good.yaml"),
                        command.formatted("@policy.yaml", "@latin.yaml @good.yaml"),
                        command.formatted("@policy.yaml -p @broken.yaml", "@good.yaml"),
                        command.formatted("@broken.yaml", "@good.yaml")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    @DisplayName("what is there and can't be read is told (3)")
    void unreadable(String line) {
        CommandLineRun run = run(line);

        assertThat(run.err()).containsPattern("(broken.yaml:2:1|latin.yaml): ");
        assertThat(run.exitCode()).isEqualTo(3);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "2 test @nope",
                "2 test @case @nope",
                "2 test @good.yaml",
                "2 test @empty",
                "2 test -p @nope.yaml @case",
                "3 test -p @broken.yaml @case",
                "0 test @case",
                "2 check -A --kubeconfig @nope",
                "2 explain workload deploy/a --kubeconfig @nope",
                "2 explain workload deploy/a -p @nope.yaml",
                "3 explain workload deploy/a -p @broken.yaml"
            })
    @DisplayName("cases and clusters are held to the same")
    void others(String expectedAndLine) {
        CommandLineRun run = run(expectedAndLine.substring(2));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(expectedAndLine.charAt(0) - '0');
    }

    @Test
    @DisplayName(
            "a text with more broken documents than anybody reads is left after some of them, and what came before is used")
    void endsAtTooManyProblems() throws IOException {
        String many = "---\na: [\n".repeat(50_000);
        write("many.yaml", WORKLOAD + many + "---\n" + WORKLOAD.replace("name: a", "name: never"));
        write("policies.yaml", POLICY + many);

        CommandLineRun fixed = run("fix -p @policy.yaml --diff @many.yaml");
        assertThat(fixed.out()).contains("+spec: {template: {spec: {terminationGracePeriodSeconds: 25,");
        assertThat(fixed.err())
                .contains("many.yaml:2007:1: this is one problem too many after 1000 others; the rest is left out");
        assertThat(fixed.err().lines()).hasSize(LimitedSink.TOLD + 1);
        assertThat(run("explain workload -p @policy.yaml @many.yaml").err().lines())
                .hasSize(LimitedSink.TOLD + 1);

        CommandLineRun judged = run("check -p @policies.yaml @bad.yaml");
        assertThat(judged.out()).contains("(gsp/web)");
        assertThat(judged.err().lines()).hasSize(LimitedSink.TOLD + 1);
        assertThat(run("test -p @policies.yaml @case").err().lines()).hasSize(LimitedSink.TOLD + 1);
    }

    @Test
    @DisplayName(
            "an empty name is no working folder, and an empty standard input no clean one: something before failed")
    void nothingIsNotClean() {
        CommandLineRun unset = CommandLineRun.of("check", "-p", folder + "/policy.yaml", "");
        assertThat(unset.err()).isEqualTo("error: \"\": an empty name; is a variable of the shell unset?\n");
        assertThat(unset.exitCode()).isEqualTo(2);

        CommandLineRun silent = CommandLineRun.withInput("", "check", "-p", folder + "/policy.yaml", "-");
        assertThat(silent.err()).isEqualTo("<stdin>: is empty; did the command before it fail?\n");
        assertThat(silent.exitCode()).isEqualTo(3);
    }

    @Test
    @DisplayName("a file with too many problems leaves the policies of the next one in force")
    void countsProblemsByInput() throws IOException {
        write("aaa.yaml", "---\na: [\n".repeat(3000));

        CommandLineRun judged = run("check -p @aaa.yaml -p @policy.yaml @bad.yaml");

        assertThat(judged.out()).contains("(gsp/web)");
        assertThat(judged.exitCode()).isEqualTo(3);
    }

    /** Nobody can open a folder whose path is longer than 4,096 bytes, not even root: only by moving it there one comes by it. */
    @Test
    @DisplayName("a folder below that can't be read is told (3), and the rest of the folder judged")
    void unreadableFolderBelow() throws IOException {
        Path deep = folder;
        Path built = Files.createDirectories(folder.resolve("built"));
        Path longest = built;
        for (int i = 0; i < 12; i++) {
            longest = Files.createDirectory(longest.resolve("x".repeat(200)));
            deep = Files.createDirectories((i == 0 ? folder.resolve("k8s") : deep).resolve("y".repeat(200)));
        }
        write("k8s/bad.yaml", WORKLOAD);
        Path moved = Files.move(built, deep.resolve("z"));
        try {
            CommandLineRun judged = run("check -p @policy.yaml @k8s");
            assertThat(judged.out()).contains("k8s/bad.yaml:4:26: error: Deployment shop/a [BudgetFits]");
            assertThat(judged.err()).contains("/z/xxx", ": File name too long");
            assertThat(judged.exitCode()).isEqualTo(3);
        } finally {
            Files.move(moved, built);
        }
    }

    @Test
    @DisplayName("so is one with more policies that can't be used")
    void endsAtTooManyBadPolicies() throws IOException {
        write("policies.yaml", POLICY + ("---\n" + POLICY.replace("20", "-1")).repeat(3000));

        CommandLineRun judged = run("check -p @policies.yaml @bad.yaml");

        assertThat(judged.out()).contains("(gsp/web)");
        assertThat(judged.err().lines()).hasSize(LimitedSink.TOLD + 1);
        assertThat(judged.exitCode()).isEqualTo(3);
    }
}
