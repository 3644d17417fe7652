package io.gracekeeper.cli.fix;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.cli.check.WorkloadJudge;
import io.gracekeeper.cli.manifest.InputText;
import io.gracekeeper.cli.manifest.LimitedSink;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.Violation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Fixes the workloads of one text, as far as their fix is a matter of numbers and not of knowing the app. */
public final class Fixer {
    /** A fix may uncover another violation; each of these rules can ask for one at most. */
    private static final int MAX_ROUNDS = 6;

    /** The rules whose fix needs no knowledge of the app: a readiness probe's path, say, only its author knows. */
    private static final Set<Rule> BY_NUMBERS =
            EnumSet.of(Rule.GRACE_POSITIVE, Rule.BUDGET_FITS, Rule.DRAIN_DELAY, Rule.GRACE_CEILING);

    private final WorkloadJudge judge;

    /** A fixer. */
    public Fixer(WorkloadJudge judge) {
        this.judge = judge;
    }

    /**
     * What came of one text.
     *
     * @param text afterwards; equal to the one before where nothing was fixed
     * @param fixed one line for each thing that was written
     * @param left why each violation that stands could not be fixed, by {@code workload [rule]}
     * @param unreadable documents that could not be read, and are as they were
     */
    public record Outcome(String text, List<String> fixed, Map<String, String> left, List<Unreadable> unreadable) {
        /** Copies the collections. */
        public Outcome {
            fixed = List.copyOf(fixed);
            left = new TreeMap<>(left);
            unreadable = List.copyOf(unreadable);
        }
    }

    /** One edit that is planned, and what it is for. */
    private record Planned(List<TextEdit> edits, String line) {}

    /** The objects of a text. */
    private record Content(List<ManifestObject> objects, List<Unreadable> unreadable) {
        static Content of(InputText input) {
            List<ManifestObject> objects = new ArrayList<>();
            List<Unreadable> unreadable = new ArrayList<>();
            ManifestReader.read(input, new LimitedSink(new ManifestReader.Sink() {
                @Override
                public void object(ManifestObject object) {
                    objects.add(object);
                }

                @Override
                public void unreadable(Unreadable problem) {
                    unreadable.add(problem);
                }
            }));
            return new Content(objects, unreadable);
        }
    }

    /** Fixes what can be fixed. */
    public Outcome fix(InputText input) {
        String text = input.text();
        List<String> fixed = new ArrayList<>();
        Map<String, String> left = new TreeMap<>();
        Content content = Content.of(input);
        List<Unreadable> unreadable = content.unreadable();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            left.clear();
            List<JsonNode> expected = new ArrayList<>();
            List<Planned> planned = plan(content, expected, left);
            if (planned.isEmpty()) {
                break;
            }
            List<TextEdit> edits =
                    planned.stream().flatMap(plan -> plan.edits().stream()).toList();
            String edited = TextEdit.apply(text, edits);
            Content after = Content.of(InputText.of(input.name(), edited));
            if (!isAsExpected(after, expected, content)) {
                planned.forEach(plan -> left.put(plan.line(), "the text could not be edited safely"));
                break;
            }
            planned.forEach(plan -> fixed.add(plan.line()));
            text = edited;
            content = after;
        }
        return new Outcome(text, fixed, left, unreadable);
    }

    /** Plans the fixes of all objects, one for each place: what that leaves is seen in the next round. */
    private List<Planned> plan(Content content, List<JsonNode> expected, Map<String, String> left) {
        List<Planned> planned = new ArrayList<>();
        List<TextEdit> edits = new ArrayList<>();
        for (ManifestObject object : content.objects()) {
            boolean workload = judge.isWorkload(object);
            JsonNode tree = workload ? object.json().deepCopy() : object.json();
            expected.add(tree);
            if (!workload) {
                continue;
            }
            Judgement judgement = judge.judge(object);
            for (Violation violation : judge.left(object, judgement)) {
                JsonNode before = tree.deepCopy();
                String line =
                        judgement.workload().display() + " [" + violation.rule().word() + "]";
                try {
                    Planned plan = plan(object, tree, violation, line);
                    boolean apart = edits.stream()
                            .allMatch(edit -> plan.edits().stream().allMatch(edit::isApartFrom));
                    if (apart && !before.equals(tree)) {
                        planned.add(plan);
                        edits.addAll(plan.edits());
                    } else {
                        tree = restore(expected, before);
                    }
                } catch (CannotEdit cannot) {
                    tree = restore(expected, before);
                    if (!cannot.isOnlyNow()) {
                        left.put(line, cannot.why());
                    }
                }
            }
        }
        return planned;
    }

    private static JsonNode restore(List<JsonNode> expected, JsonNode before) {
        expected.set(expected.size() - 1, before);
        return before;
    }

    private static Planned plan(ManifestObject object, JsonNode tree, Violation violation, String line) {
        if (violation.fix() == null || !BY_NUMBERS.contains(violation.rule())) {
            throw new CannotEdit("only its author can know: " + violation.message());
        }
        List<TextEdit> edits = new FixPlanner(object, tree).plan(violation);
        return new Planned(edits, line + ": " + violation.fix());
    }

    /** Whether the edited text says what was planned and nothing else, and still has the same unreadable parts. */
    private static boolean isAsExpected(Content after, List<JsonNode> expected, Content before) {
        List<JsonNode> trees =
                after.objects().stream().map(ManifestObject::json).toList();
        return trees.equals(expected)
                && after.unreadable().size() == before.unreadable().size();
    }
}
