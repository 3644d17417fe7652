package io.gracekeeper.cli.check;

import io.gracekeeper.cli.manifest.InputFiles;
import io.gracekeeper.cli.manifest.InputText;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads inputs and judges what is in them, several files at once, and tells everything in the order of the inputs. */
public final class CheckRun {
    /** Below this, threads cost more than they bring. */
    private static final int FILES_WORTH_THREADS = 8;

    private final WorkloadJudge judge;

    /** A run. */
    public CheckRun(WorkloadJudge judge) {
        this.judge = judge;
    }

    /** What came of one file. */
    private static final class FileOutcome implements ManifestReader.Sink {
        private final WorkloadJudge judge;
        private final List<Verdict> verdicts = new ArrayList<>();
        private final List<Unreadable> unreadable = new ArrayList<>();
        private int skipped;
        private int policies;

        FileOutcome(WorkloadJudge judge) {
            this.judge = judge;
        }

        @Override
        public void object(ManifestObject object) {
            if (!object.isObject()) {
                skipped++;
            } else if (judge.isWorkload(object)) {
                verdicts.add(judge.verdict(object));
            } else if (PolicyReader.isOurs(object)) {
                policies++;
            }
        }

        @Override
        public void unreadable(Unreadable problem) {
            unreadable.add(problem);
        }
    }

    /** Checks what the user named. */
    public CheckResult files(List<String> names, InputStream stdin) {
        List<Unreadable> unreadable = new ArrayList<>();
        var inputs = new InputFiles(stdin, unreadable::add);
        List<Path> files = inputs.find(names);
        Stream<Path> work = files.size() < FILES_WORTH_THREADS ? files.stream() : files.parallelStream();
        List<FileOutcome> outcomes = work.map(file -> {
                    var outcome = new FileOutcome(judge);
                    new InputFiles(stdin, outcome::unreadable).load(file, text -> ManifestReader.read(text, outcome));
                    return outcome;
                })
                .toList();
        return result(outcomes, unreadable);
    }

    /** Checks texts that were read already. */
    public CheckResult texts(List<InputText> texts) {
        List<FileOutcome> outcomes = new ArrayList<>();
        for (InputText text : texts) {
            var outcome = new FileOutcome(judge);
            ManifestReader.read(text, outcome);
            outcomes.add(outcome);
        }
        return result(outcomes, List.of());
    }

    private static CheckResult result(List<FileOutcome> outcomes, List<Unreadable> before) {
        List<Verdict> verdicts = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>(before);
        int skipped = 0;
        int policies = 0;
        for (FileOutcome outcome : outcomes) {
            verdicts.addAll(outcome.verdicts);
            unreadable.addAll(outcome.unreadable);
            skipped += outcome.skipped;
            policies += outcome.policies;
        }
        List<String> notes = new ArrayList<>();
        if (policies > 0) {
            notes.add(policies
                    + " of Gracekeeper's own objects are among the inputs and not used: name them by --policy");
        }
        return new CheckResult(outcomes.size(), verdicts, unreadable, skipped, notes);
    }
}
