package io.gracekeeper.cli.check;

import io.gracekeeper.cli.manifest.InputFiles;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import io.gracekeeper.policy.Surroundings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads inputs and judges what is in them, several files at once, and tells everything in the order of the inputs. */
public final class CheckRun {
    /** Below this, threads cost more than they bring. */
    private static final int FILES_WORTH_THREADS = 8;

    private final InputFiles inputs;
    private final List<Path> files;
    private final List<Unreadable> before;

    /**
     * A run over what the user named.
     *
     * @param inputs loads the files, each up to two times
     * @param names as typed
     * @param before problems that were found while finding; read at the end
     */
    public CheckRun(InputFiles inputs, List<String> names, List<Unreadable> before) {
        this.inputs = inputs;
        this.before = before;
        files = inputs.find(names);
    }

    /** The files that the names stand for. */
    public List<Path> files() {
        return files;
    }

    /**
     * Adds namespaces and exceptions of the inputs to the policies.
     *
     * @param defaultNamespace of objects that name none
     * @return what else is known of the workloads' surroundings
     */
    public Surroundings collectContext(PolicyReader into, String defaultNamespace) {
        var context = new InputContext(into, defaultNamespace);
        stream().forEach(file -> inputs.load(file, context::collect, problem -> {}));
        return context.surroundings();
    }

    /** Judges all workloads. */
    public CheckResult judge(WorkloadJudge judge) {
        List<FileOutcome> outcomes = each(file -> {
            var outcome = new FileOutcome(judge);
            inputs.load(file, text -> ManifestReader.read(text, outcome), outcome::unreadable);
            return outcome;
        });
        return result(outcomes, before, judge.assumptions());
    }

    /** Does something with every file, several at once, and keeps the order. */
    private <T> List<T> each(Function<Path, T> work) {
        return stream().map(work).toList();
    }

    private Stream<Path> stream() {
        return files.size() < FILES_WORTH_THREADS ? files.stream() : files.parallelStream();
    }

    /**
     * Judges objects of a cluster.
     *
     * @param before what could not be listed
     */
    public static CheckResult objects(List<ManifestObject> objects, WorkloadJudge judge, List<Unreadable> before) {
        var outcome = new FileOutcome(judge);
        objects.forEach(outcome::object);
        return result(List.of(outcome), before, judge.assumptions());
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
            } else if (PolicyReader.isOurs(object) && object.kind().endsWith("Policy")) {
                policies++;
            }
        }

        @Override
        public void unreadable(Unreadable problem) {
            unreadable.add(problem);
        }
    }

    private static CheckResult result(List<FileOutcome> outcomes, List<Unreadable> before, List<String> assumptions) {
        List<Verdict> verdicts = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>(before);
        List<String> notes = new ArrayList<>(assumptions);
        int skipped = 0;
        int policies = 0;
        for (FileOutcome outcome : outcomes) {
            verdicts.addAll(outcome.verdicts);
            unreadable.addAll(outcome.unreadable);
            skipped += outcome.skipped;
            policies += outcome.policies;
        }
        if (policies > 0) {
            notes.add("policies among the inputs are not used (" + policies + " of them): name them by --policy");
        }
        return new CheckResult(outcomes.size(), verdicts, unreadable, skipped, notes);
    }
}
