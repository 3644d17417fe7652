package io.gracekeeper.cli.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.cli.check.WorkloadJudge;
import io.gracekeeper.cli.manifest.InputText;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import io.gracekeeper.policy.EngineSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("For manifests of any style, fix")
class FixPropertyTest {
    private static final WorkloadJudge JUDGE = judge("""
            apiVersion: gracekeeper.io/v1alpha1
            kind: GracefulShutdownPolicy
            metadata: {name: web}
            spec:
              requirements: {drainDelaySeconds: 10, shutdownSeconds: 20, marginSeconds: 5}
              validation: {actions: [Deny]}
            """);

    private static WorkloadJudge judge(String policy) {
        var reader = new PolicyReader(EngineSettings.DEFAULT, problem -> {
            throw new AssertionError(problem.display());
        });
        ManifestReader.read(InputText.of("policy", policy), reader);
        return new WorkloadJudge(
                reader.policies(null), EngineSettings.DEFAULT, InstantSource.system(), WorkloadJudge.Facts.NONE);
    }

    @Property(tries = 300)
    @Label(
            "leaves nothing violated, removes no line but one with a value that it changes, and does nothing the second time")
    void fixThenCheckIsClean(@ForAll("manifests") String manifest) {
        Fixer.Outcome outcome = new Fixer(JUDGE).fix(InputText.of("f.yaml", manifest));

        assertThat(outcome.left()).isEmpty();
        for (ManifestObject object : objects(outcome.text())) {
            assertThat(JUDGE.verdict(object).findings()).isEmpty();
        }
        List<String> before = manifest.lines().toList();
        List<String> after = new ArrayList<>(outcome.text().lines().toList());
        for (String line : before) {
            assertThat(after.remove(line)
                            || line.contains("terminationGracePeriodSeconds")
                            || line.contains("{")
                            || line.contains("lifecycle:"))
                    .as("the line is kept: " + line)
                    .isTrue();
        }
        assertThat(new Fixer(JUDGE).fix(InputText.of("f.yaml", outcome.text())).fixed())
                .isEmpty();
    }

    private static List<ManifestObject> objects(String text) {
        List<ManifestObject> objects = new ArrayList<>();
        ManifestReader.read(InputText.of("f.yaml", text), new ManifestReader.Sink() {
            @Override
            public void object(ManifestObject object) {
                objects.add(object);
            }

            @Override
            public void unreadable(Unreadable problem) {
                throw new AssertionError(problem.display() + "\n" + text);
            }
        });
        return objects;
    }

    @Provide
    Arbitrary<String> manifests() {
        return Combinators.combine(
                        Arbitraries.of(2, 3, 4),
                        Arbitraries.of(true, false),
                        grace(),
                        container("app").list().ofMinSize(1).ofMaxSize(3),
                        Arbitraries.of("", "      # a comment\n", "\n"),
                        Arbitraries.of("\n", "\r\n"))
                .as(FixPropertyTest::manifest);
    }

    private static Arbitrary<String> grace() {
        return Arbitraries.of(
                "",
                "terminationGracePeriodSeconds: 1",
                "terminationGracePeriodSeconds: 0 # none",
                "terminationGracePeriodSeconds: '20'",
                "terminationGracePeriodSeconds: 300",
                "terminationGracePeriodSeconds:");
    }

    private static Arbitrary<List<String>> container(String name) {
        Arbitrary<String> ports = Arbitraries.of(
                "ports: [{containerPort: 80}]", "ports: [ ]", "ports:\n- containerPort: 80\n  name: http");
        Arbitrary<String> lifecycle = Arbitraries.of(
                "",
                "lifecycle: {}",
                "lifecycle:",
                "lifecycle: null",
                "lifecycle: {preStop: {sleep: {seconds: 2}}}",
                "lifecycle:\n  preStop:\n    sleep:\n      seconds: 40",
                "lifecycle:\n  postStart: {exec: {command: [a]}}");
        Arbitrary<String> extra = Arbitraries.of("", "# note", "args:\n- |\n  text\n\n  more", "env: []  # none");
        return Combinators.combine(ports, lifecycle, extra).as((p, l, e) -> List.of("name: " + name, p, l, e));
    }

    private static String manifest(
            int step, boolean inLine, String grace, List<List<String>> containers, String comment, String newline) {
        String pad = " ".repeat(step);
        StringBuilder text = new StringBuilder("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n")
                .append(pad + "template:\n" + pad.repeat(2) + "spec:\n" + comment);
        if (!grace.isEmpty()) {
            text.append(pad.repeat(3)).append(grace).append('\n');
        }
        text.append(pad.repeat(3)).append("containers:\n");
        int index = 0;
        for (List<String> container : containers) {
            String indent = inLine ? pad.repeat(3) : pad.repeat(4);
            String dash = indent + "- ";
            for (String field : container) {
                if (!field.isEmpty()) {
                    String named = field.startsWith("name:") ? field + index++ : field;
                    text.append(dash)
                            .append(named.replace("\n", "\n" + indent + "  "))
                            .append('\n');
                    dash = indent + "  ";
                }
            }
        }
        return text.toString().replace("\n", newline);
    }
}
