package io.gracekeeper.cli.command;

import io.gracekeeper.cli.check.CheckRun;
import io.gracekeeper.cli.check.WorkloadJudge;
import io.gracekeeper.cli.fix.Fixer;
import io.gracekeeper.cli.fix.UnifiedDiff;
import io.gracekeeper.cli.manifest.InputText;
import io.gracekeeper.cli.manifest.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fix}: writes the fixes into the manifests. */
@Command(
        name = "fix",
        description = {
            "Edits manifests so that they comply, and only where that is needed.",
            "Comments, order, quoting and indentation stay. What only the author can know is reported and left."
        },
        footer = {
            "",
            "Exit codes: 0 nothing is left to fix, 1 something is, 2 wrong usage, 3 unreadable input.",
            "",
            "  kubectl gracekeeper fix --policy policies/ --diff k8s/",
            "  kubectl gracekeeper fix --policy policies/ - < in.yaml > out.yaml"
        })
final class FixCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    PolicyOptions policies = new PolicyOptions();

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--diff", description = "Shows a unified diff and writes nothing.")
    boolean diff;

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description =
                    "Files, folders (with everything below), globs, or - to write standard input to standard output.")
    List<String> paths = new ArrayList<>();

    private final List<Unreadable> problems = new ArrayList<>();
    private int left;

    FixCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var gathering = new Gathering(terminal, policies, cluster, paths);
        var run = new CheckRun(gathering.inputs(), paths, List.of());
        WorkloadJudge judge = gathering.judge(run);
        var fixer = new Fixer(judge);
        run.files().forEach(file -> gathering.inputs().load(file, text -> fix(text, fixer)));
        terminal.out().flush();
        problems.addAll(0, gathering.problems());
        judge.assumptions().forEach(note -> terminal.err().println("note: " + note));
        problems.forEach(problem -> terminal.err().println(problem.display()));
        return !problems.isEmpty() ? ExitCodes.UNREADABLE : left > 0 ? ExitCodes.VIOLATIONS : ExitCodes.CLEAN;
    }

    private void fix(InputText input, Fixer fixer) {
        Fixer.Outcome outcome = fixer.fix(input);
        problems.addAll(outcome.unreadable());
        left += outcome.left().size();
        outcome.left()
                .forEach((what, why) -> terminal.err().println(input.name() + ": not fixed: " + what + ": " + why));
        Path file = input.file();
        if (diff) {
            terminal.out().print(coloured(UnifiedDiff.of(input.name(), input.text(), outcome.text())));
        } else if (file == null) {
            terminal.out().print(outcome.text());
        } else if (!outcome.text().equals(input.text())) {
            write(file, input.encode(outcome.text()));
            outcome.fixed().forEach(line -> terminal.out().println(input.name() + ": fixed: " + line));
        }
    }

    private String coloured(String text) {
        if (!terminal.colours().on()) {
            return text;
        }
        StringBuilder lines = new StringBuilder();
        text.lines()
                .forEach(line -> lines.append(
                                line.startsWith("+")
                                        ? terminal.colours().green(line)
                                        : line.startsWith("-")
                                                ? terminal.colours().red(line)
                                                : line)
                        .append('\n'));
        return lines.toString();
    }

    /** Whole or not at all: a full disk or a second ctrl-c leaves the old file. Permissions stay. */
    private void write(Path file, byte[] content) {
        try {
            Path real = file.toRealPath();
            Path neighbour = Files.createTempFile(real.toAbsolutePath().getParent(), ".gracekeeper", ".tmp");
            try {
                Files.write(neighbour, content);
                if (Files.getFileAttributeView(neighbour, PosixFileAttributeView.class) != null) {
                    Files.setPosixFilePermissions(neighbour, Files.getPosixFilePermissions(real));
                }
                Files.move(neighbour, real, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(neighbour);
            }
        } catch (IOException e) {
            throw new UserError(file + " can't be written: " + e.getMessage());
        }
    }
}
