package io.gracekeeper.cli.check;

import io.gracekeeper.cli.manifest.InputFiles;
import io.gracekeeper.cli.manifest.InputText;
import io.gracekeeper.cli.manifest.LimitedSink;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.Surroundings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads inputs and judges what is in them, several files and several parts of a large file at once, and tells everything in the order
 * of the inputs.
 */
public final class CheckRun {
    /** Below this, threads cost more than they bring. */
    private static final int FILES_WORTH_THREADS = 8;

    /** As many characters of a file as a thread takes at a time: some milliseconds' work, so that a usual file is one part. */
    private static final int PART = 64 * 1024;

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
        stream().forEach(file -> inputs.load(file, text -> parts(text).forEach(context::collect), problem -> {}));
        return context.surroundings();
    }

    /** Judges all workloads. */
    public CheckResult judge(WorkloadJudge judge) {
        List<Outcome> outcomes =
                stream().map(file -> judge(file, judge)).flatMap(List::stream).toList();
        return result(new Inputs.Files(files.size()), outcomes, before, judge.assumptions());
    }

    private List<Outcome> judge(Path file, WorkloadJudge judge) {
        List<Outcome> outcomes = new ArrayList<>();
        var ofFile = new Outcome(judge);
        outcomes.add(ofFile);
        inputs.load(
                file,
                text -> outcomes.addAll(parts(text)
                        .map(part -> {
                            var outcome = new Outcome(judge);
                            part.read(outcome);
                            return outcome;
                        })
                        .toList()),
                ofFile::unreadable);
        tellLess(outcomes);
        return outcomes;
    }

    /** Leaves the first problems of a file, and how many more there are at least: a part of it with that many was not read to its end. */
    private static void tellLess(List<Outcome> ofFile) {
        long all =
                ofFile.stream().mapToLong(outcome -> outcome.unreadable.size()).sum();
        if (all <= LimitedSink.TOLD + 1) {
            return;
        }
        int left = LimitedSink.TOLD;
        boolean summed = false;
        for (Outcome outcome : ofFile) {
            List<Unreadable> told = outcome.unreadable;
            if (told.size() > left) {
                Unreadable next = told.get(left);
                told.subList(left, told.size()).clear();
                if (!summed) {
                    String more = "this document and at least " + (all - LimitedSink.TOLD - 1)
                            + " more can't be read; what else the file has may be left out";
                    told.add(new Unreadable(next.input(), next.position(), more));
                }
                summed = true;
                left = 0;
            } else {
                left -= told.size();
            }
        }
    }

    private static Stream<ManifestReader.Part> parts(InputText text) {
        List<ManifestReader.Part> parts = ManifestReader.parts(text, PART);
        return parts.size() == 1 ? parts.stream() : parts.parallelStream();
    }

    private Stream<Path> stream() {
        return files.size() < FILES_WORTH_THREADS ? files.stream() : files.parallelStream();
    }

    /**
     * Judges workloads of a cluster. Those that another one made, and that no policy speaks about, are left out.
     *
     * @param namespace that they are from; null for all of them
     * @param before what could not be listed
     */
    public static CheckResult objects(
            @Nullable String namespace, List<ManifestObject> objects, WorkloadJudge judge, List<Unreadable> before) {
        var outcome = new Outcome(judge);
        Set<String> namespaces = new HashSet<>();
        for (ManifestObject object : objects) {
            if (!judge.isWorkload(object)) {
                continue;
            }
            outcome.object(object);
            boolean spokenAbout = outcome.verdicts.getLast().classification() != Classification.UNMATCHED;
            if (spokenAbout || !judge.isChild(object)) {
                namespaces.add(object.namespace());
            } else {
                outcome.verdicts.removeLast();
            }
        }
        return result(new Inputs.Cluster(namespace, namespaces.size()), List.of(outcome), before, judge.assumptions());
    }

    /** What came of one file, or of a part of one. */
    private static final class Outcome implements ManifestReader.Sink {
        private final WorkloadJudge judge;
        private final List<Verdict> verdicts = new ArrayList<>();
        private final List<Unreadable> unreadable = new ArrayList<>();
        private int skipped;
        private int policies;

        Outcome(WorkloadJudge judge) {
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

        @Override
        public boolean wantsMore() {
            return unreadable.size() < LimitedSink.TOLD + 2;
        }
    }

    private static CheckResult result(
            Inputs inputs, List<Outcome> outcomes, List<Unreadable> before, List<String> assumptions) {
        List<Verdict> verdicts = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>(before);
        List<String> notes = new ArrayList<>(assumptions);
        int skipped = 0;
        int policies = 0;
        for (Outcome outcome : outcomes) {
            verdicts.addAll(outcome.verdicts);
            unreadable.addAll(outcome.unreadable);
            skipped += outcome.skipped;
            policies += outcome.policies;
        }
        if (policies > 0) {
            notes.add("policies among the inputs are not used (" + policies + " of them): name them by --policy");
        }
        return new CheckResult(inputs, verdicts, unreadable, skipped, notes);
    }
}
