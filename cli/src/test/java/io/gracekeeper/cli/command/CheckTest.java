package io.gracekeeper.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.cli.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("check")
class CheckTest {
    private static final String POLICY = """
            apiVersion: gracekeeper.io/v1alpha1
            kind: GracefulShutdownPolicy
            metadata: {name: web}
            spec:
              requirements: {drainDelaySeconds: 10, shutdownSeconds: 20, marginSeconds: 5}
              validation: {actions: [Deny]}
            """;

    private static final String BAD = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: checkout
            spec:
              template:
                spec:
                  terminationGracePeriodSeconds: 40
                  containers:
                    - name: app
                      ports:
                        - containerPort: 8080
                      lifecycle:
                        preStop:
                          exec: {command: [sleep, "30"]}
            """;

    private static final String GOOD = BAD.replace("40", "55").replace("checkout", "cart");

    @TempDir
    Path folder;

    @BeforeEach
    void writePolicy() throws IOException {
        write("policy.yaml", POLICY);
    }

    @Test
    @DisplayName("shows the field's place, the engine's own words and the fix, and ends with 1")
    void showsAViolation() throws IOException {
        String file = write("checkout.yaml", BAD);

        CommandLineRun run = check(file);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEqualTo(file + """
                                :8:7: error: Deployment default/checkout [BudgetFits]
                                  spec.template.spec.terminationGracePeriodSeconds: 40s is too short: container "app" needs preStop 30s (your exec "sleep 30") + shutdown 20s + margin 5s = 55s (gsp/web). Fix:
                                    terminationGracePeriodSeconds: 55
                                1 workload in 1 input: 0 fine, 1 violating (1 violation)
                                """);
        assertThat(run.err()).isEmpty();
    }

    @Test
    @DisplayName("says what it looked at where all is well, and ends with 0")
    void saysWhatWasFine() throws IOException {
        CommandLineRun run = check(write("cart.yaml", GOOD));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("1 workload in 1 input: 1 fine, 0 violating\n");
    }

    @Test
    @DisplayName("reports a broken document with its place and judges those around it")
    void survivesABrokenDocument() throws IOException {
        String file = write("all.yaml", GOOD + "---\na: b\n  c: d\n---\n" + BAD);

        CommandLineRun run = check(file);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).isEqualTo(file + ":18:4: mapping values are not allowed here\n");
        assertThat(run.out())
                .contains(":27:7: error: Deployment default/checkout [BudgetFits]")
                .contains("2 workloads");
    }

    @Test
    @DisplayName("tells what is in a large file in its order and with its places, though several threads read it")
    void keepsTheOrderOfALargeFile() throws IOException {
        int documents = 1000;
        String broken = "kind: [\n";
        String namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
        var text = new StringBuilder();
        List<String> places = new ArrayList<>();
        for (int i = 0; i < documents; i++) {
            long before = text.chars().filter(c -> c == '\n').count();
            text.append("---\n");
            switch (i % 10) {
                case 3 -> text.append(broken);
                case 7 -> text.append(namespace);
                default -> {
                    text.append(BAD.replace("checkout", "app-" + i));
                    places.add(":" + (before + 9) + ":7: error: Deployment default/app-" + i + " [BudgetFits]");
                }
            }
        }
        String file = write("all.yaml", text.toString());

        CommandLineRun run = check(file);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out().lines().filter(line -> line.contains(" error: Deployment ")))
                .containsExactlyElementsOf(places.stream().map(file::concat).toList());
        assertThat(run.out()).contains("800 workloads in 1 input: 0 fine, 800 violating");
        assertThat(run.err().lines().filter(line -> line.contains("all.yaml:"))).hasSize(documents / 10);
    }

    @Test
    @DisplayName("colours for a terminal alone, and never against NO_COLOR")
    void respectsNoColor() throws IOException {
        String file = write("checkout.yaml", BAD);
        String[] args = {"check", "--policy", folder.resolve("policy.yaml").toString(), file};

        assertThat(CommandLineRun.onTerminal(Map.of(), args).out()).contains("\u001b[1;31merror\u001b[0m");
        assertThat(CommandLineRun.onTerminal(Map.of("NO_COLOR", "1"), args).out())
                .doesNotContain("\u001b");
        assertThat(CommandLineRun.of(args).out()).doesNotContain("\u001b");
    }

    private CommandLineRun check(String... paths) {
        String[] args = new String[paths.length + 3];
        args[0] = "check";
        args[1] = "--policy";
        args[2] = folder.resolve("policy.yaml").toString();
        System.arraycopy(paths, 0, args, 3, paths.length);
        return CommandLineRun.of(args);
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 2000, 200_000})
    @DisplayName(
            "tells the first thousand broken documents of a file and that there are more, and reads no part of it in vain")
    void manyProblems(int broken) {
        String good = "---\n" + GOOD;
        CommandLineRun run = CommandLineRun.withInput(
                good + "---\na: [\n".repeat(broken) + good,
                "check",
                "--policy",
                folder.resolve("policy.yaml").toString(),
                "-");
        List<String> told = run.err().lines().toList();
        assertThat(told).hasSize(Math.min(broken, 1001));
        int line = good.split("\n").length + 2003;
        if (broken > 1001) {
            assertThat(told.getLast())
                    .matches(
                            "<stdin>:" + line
                                    + ":1: this document and at least \\d+ more can't be read; what else the file has may be left out");
        } else {
            assertThat(run.out()).contains("2 workloads in 1 input");
        }
        assertThat(run.exitCode()).isEqualTo(3);
    }
}
