package io.gracekeeper.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.cli.cases.CaseRun;
import io.gracekeeper.cli.manifest.InputFiles;
import io.gracekeeper.cli.manifest.LimitedSink;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code test}: cases with expected results. */
@Command(
        name = "test",
        description = {
            "Runs cases of policies with expected results.",
            "A case is a folder with policy.yaml, object.yaml, expected.yaml; old.yaml for an update, makers.yaml for what stands above.",
            "expected.yaml: classification, allowed, violations (rule, field, message), warnings; what it leaves out may be anything."
        },
        footer = {
            "",
            "Exit codes: 0 all as expected, 1 a case differs, 2 wrong usage or no case, 3 an unreadable policy.",
            "",
            "  kubectl gracekeeper test --policy policies/ cases/"
        })
final class TestCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    PolicyOptions policies = new PolicyOptions();

    @Option(names = "--print", description = "Prints what is said of each case, in the form of expected.yaml.")
    boolean print;

    @Option(
            names = "--now",
            paramLabel = "TIME",
            description = "The time that the cases are judged at, for instance 2026-11-24T12:00:00Z (default: now).")
    @Nullable
    Instant now;

    @Parameters(paramLabel = "FOLDER", arity = "1..*", description = "Folders with cases, at any depth.")
    List<Path> folders = new ArrayList<>();

    private final List<Unreadable> problems = new ArrayList<>();
    private int passed;
    private int failed;

    TestCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        List<ManifestObject> shared = sharedPolicies();
        var run = new CaseRun(policies.settings(), sink -> shared.forEach(sink));
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new UserError(folder + ": " + (Files.exists(folder) ? "is no folder" : "no such folder"));
            }
        }
        for (Path folder : folders) {
            run.below(folder, now == null ? InstantSource.system().instant() : now)
                    .forEach(this::tell);
        }
        if (passed + failed == 0) {
            throw new UserError("no case (a folder with an expected.yaml) in "
                    + String.join(", ", folders.stream().map(Path::toString).toList()));
        }
        terminal.out().println(passed + " as expected, " + failed + " not");
        terminal.out().flush();
        problems.forEach(problem -> terminal.err().println(problem.display()));
        return !problems.isEmpty() ? ExitCodes.UNREADABLE : failed > 0 ? ExitCodes.VIOLATIONS : ExitCodes.CLEAN;
    }

    private List<ManifestObject> sharedPolicies() {
        List<ManifestObject> shared = new ArrayList<>();
        var inputs = new InputFiles(terminal.in(), problems::add);
        ManifestReader.Sink sink = new ManifestReader.Sink() {
            @Override
            public void object(ManifestObject object) {
                shared.add(object);
            }

            @Override
            public void unreadable(Unreadable problem) {
                problems.add(problem);
            }
        };
        inputs.find(policies.policyFiles)
                .forEach(file -> inputs.load(file, text -> ManifestReader.read(text, new LimitedSink(sink))));
        return shared;
    }

    private void tell(CaseRun.Outcome outcome) {
        boolean good = outcome.differences().isEmpty();
        passed += good ? 1 : 0;
        failed += good ? 0 : 1;
        String word =
                good ? terminal.colours().green("ok  ") : terminal.colours().red("FAIL");
        terminal.out().println(word + " " + outcome.name());
        outcome.differences()
                .forEach(difference -> terminal.out().println("     " + difference.replace("\n", "\n     ")));
        if (print) {
            for (Map.Entry<String, JsonNode> member : outcome.actual().properties()) {
                print(member.getKey(), member.getValue());
            }
        }
    }

    private void print(String key, JsonNode value) {
        if (!value.isArray() || value.isEmpty()) {
            terminal.out().println("  " + key + ": " + value);
            return;
        }
        terminal.out().println("  " + key + ":");
        for (JsonNode item : value) {
            terminal.out().println("  - " + item);
        }
    }
}
