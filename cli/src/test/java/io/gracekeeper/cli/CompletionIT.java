package io.gracekeeper.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real shells, where the machine has them, with what is typed into them. */
@DisplayName("Completion")
class CompletionIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"bash, --norc", "zsh, -f", "fish, --no-config"})
    @DisplayName("offers commands, options, their values, rules and files, in")
    void completes(String shell, String withoutConfiguration) throws IOException, InterruptedException {
        Path program = program(shell);
        assumeThat(program).as(shell + " is not on this machine").exists();
        Files.createDirectories(folder.resolve("manifests"));
        Files.writeString(folder.resolve("manifests/checkout.yaml"), "");
        Path script =
                Path.of("src/test/resources/completion", shell + "." + shell).toAbsolutePath();

        List<String> screens = run(
                program.toString(),
                withoutConfiguration,
                script.toString(),
                "kubectl-gracekeeper ",
                "kubectl-gracekeeper ch",
                "kubectl-gracekeeper check --outp",
                "kubectl-gracekeeper check -o ",
                "kubectl-gracekeeper check --fail-on D",
                "kubectl-gracekeeper explain Budg",
                "kubectl-gracekeeper except --rule Drain",
                "kubectl-gracekeeper completion ",
                "kubectl-gracekeeper check manifests/",
                "kubectl-gracekeeper explain workload manifests/");

        assertThat(screens).hasSize(10);
        assertThat(screens.get(0)).contains("check", "fix", "explain", "simulate", "version");
        assertThat(screens.get(1)).contains("check");
        assertThat(screens.get(2)).contains("--output");
        assertThat(screens.get(3)).contains("text", "sarif", "github").doesNotContain("manifests");
        assertThat(screens.get(4)).contains("Deny");
        assertThat(screens.get(5)).contains("BudgetFits");
        assertThat(screens.get(6)).contains("DrainDelay");
        assertThat(screens.get(7)).contains("bash", "zsh", "fish");
        if (!shell.equals("bash")) { // Bash's own completion of files, -o default, is none of the function's.
            assertThat(screens.get(8)).contains("manifests/checkout.yaml");
            assertThat(screens.get(9)).contains("manifests/checkout.yaml");
        }
    }

    private List<String> run(String... command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment()
                .merge(
                        "PATH",
                        Path.of(System.getProperty("cli.folder"), "bin").toString(),
                        (path, ours) -> ours + File.pathSeparator + path);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("TERM", "dumb");
        Process process = builder.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as(Files.readString(out)).isTrue();
        return Files.readAllLines(out);
    }

    private static Path program(String shell) {
        return Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/bin", "/bin"))
                .map(place -> Path.of(place, shell))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("/nonexistent", shell));
    }
}
