package io.gracekeeper.cli.explain;

import io.gracekeeper.cli.check.Severity;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.Position;
import io.gracekeeper.cli.report.Colours;
import io.gracekeeper.cli.report.Words;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.policy.Container;
import io.gracekeeper.policy.Duty;
import io.gracekeeper.policy.EffectivePolicy;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.Need;
import io.gracekeeper.policy.PodTemplate;
import io.gracekeeper.policy.PreStop;
import io.gracekeeper.policy.SourcedSeconds;
import io.gracekeeper.policy.Violation;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One workload's arithmetic, for people. */
public final class WorkloadExplanation {
    private final ManifestObject object;
    private final Judgement judgement;
    private final PodTemplate template;
    private final EffectivePolicy policy;
    private final PrintWriter out;
    private final Colours colours;

    private WorkloadExplanation(ManifestObject object, Judgement judgement, PrintWriter out, Colours colours) {
        this.object = object;
        this.judgement = judgement;
        this.template = judgement.workload().template();
        this.policy = judgement.policy();
        this.out = out;
        this.colours = colours;
    }

    /** Writes it. */
    public static void write(ManifestObject object, Judgement judgement, PrintWriter out, Colours colours) {
        new WorkloadExplanation(object, judgement, out, colours).write();
    }

    private void write() {
        out.println(colours.bold(judgement.workload().display()) + ": "
                + Words.classification(judgement.classification())
                + place("metadata.name"));
        if (policy.isEmpty()) {
            out.println("  no policy speaks about it, so nothing is asked of it");
            return;
        }
        row("policies", joined(policy.policies()));
        exceptions();
        grace();
        List<Need> needs = Need.each(template, policy);
        for (Container container : template.containers()) {
            container(container, needs);
        }
        sum(needs);
        rules();
        injection();
        judgement.notes().forEach(note -> row("note", note));
        judgement.advice().forEach(note -> row("advice", note.rule().word() + ": " + note.message()));
    }

    private void exceptions() {
        judgement
                .exceptions()
                .forEach(exception -> row(
                        "exception",
                        exception.display() + " until " + exception.expiresAt() + ": " + exception.reason()));
    }

    private void grace() {
        String origin = template.terminationGracePeriodSeconds() == null
                ? "not set, so Kubernetes takes " + PodTemplate.DEFAULT_GRACE_SECONDS
                : switch (template.graceOrigin()) {
                    case EXPLICIT -> "the author's own value";
                    case UNSET -> "filled in by Kubernetes";
                    case UNKNOWN -> "the default, whoever wrote it";
                };
        row("grace", seconds(template.graceSeconds()) + origin + place(template.graceField()));
        SourcedSeconds max = policy.max();
        if (max != null) {
            row("maximum", seconds(max.seconds()) + "asked for by " + max.source());
        }
    }

    private void container(Container container, List<Need> needs) {
        Duty duty = policy.duty(container);
        out.println();
        out.println(
                "  container " + colours.bold(container.display()) + kind(container, duty) + place(container.field()));
        SourcedSeconds drain = duty.drainDelay();
        Need need = needs.stream()
                .filter(each -> each.container().equals(container))
                .findFirst()
                .orElse(null);
        if (need == null) {
            term("sum", 0, policy.statesBudget() ? "left out by an exception" : "nobody asks for a time");
            return;
        }
        term("preStop", need.hookSeconds(), hook(container, need, drain));
        if (need.appDelaySeconds() > 0) {
            term(
                    "app delay",
                    need.appDelaySeconds(),
                    "annotation " + Annotations.DRAIN_SECONDS + annotationPlace(Annotations.DRAIN_SECONDS));
        }
        term("shutdown", need.shutdownSeconds(), shutdown(container, duty, need));
        term("margin", need.marginSeconds(), "once per pod" + source(policy.margin()));
        out.println("    ---------------------");
        term("needs", need.seconds(), "");
        if (container.serving() && drain != null) {
            out.println("    serves port " + container.tcpPorts().getFirst() + ", so it owes a drain delay of "
                    + drain.seconds() + " s (" + drain.source() + ")");
        }
    }

    private static String kind(Container container, Duty duty) {
        String kind = container.nativeSidecar() ? ", native sidecar" : container.serving() ? ", serving" : "";
        return kind + (duty.exempt() ? ", exempt by every policy" : "");
    }

    private String hook(Container container, Need need, @Nullable SourcedSeconds drain) {
        PreStop hook = container.preStop();
        if (need.ownHook()) {
            return "its own " + hook.describe() + place(container.preStopField());
        }
        if (need.hookSeconds() > 0 && !(hook instanceof PreStop.None)) {
            return "its own " + hook.describe() + place(container.preStopField())
                    + " gives no delay: the drain delay that it owes" + source(drain);
        }
        return need.hookSeconds() > 0
                ? "none yet: the drain delay that it is to get" + source(drain)
                : "no hook, and no drain delay asked for";
    }

    private String shutdown(Container container, Duty duty, Need need) {
        if (container.nativeSidecar()) {
            return "a native sidecar ends behind the main containers, in the same grace";
        }
        if (need.shutdownSeconds() > 0 && need.shutdownSource() == null) {
            return "annotation " + Annotations.SHUTDOWN_SECONDS + annotationPlace(Annotations.SHUTDOWN_SECONDS);
        }
        return duty.shutdown() == null
                ? "nobody asks"
                : "asked for by " + duty.shutdown().source();
    }

    private void sum(List<Need> needs) {
        out.println();
        Need most = Need.of(template, policy);
        if (most == null) {
            return;
        }
        long missing = most.seconds() - template.graceSeconds();
        String why = needs.size() > 1
                ? "the largest of its containers: " + most.container().display()
                : most.container().display();
        row("needs", seconds(most.seconds()) + why + ": " + most.sum());
        row(
                "has",
                seconds(template.graceSeconds())
                        + (missing > 0
                                ? colours.red(missing + " s too few")
                                : colours.green(missing == 0 ? "exactly enough" : -missing + " s to spare")));
    }

    private void rules() {
        for (Violation violation : judgement.violations()) {
            row(
                    "violates",
                    violation.rule().word() + ", " + colours.severity(Severity.of(violation.action())) + " by "
                            + violation.policy() + ": " + violation.message());
        }
        for (Violation violation : judgement.forgiven()) {
            row("forgiven", violation.rule().word() + ": " + violation.message());
        }
        policy.contradictions().forEach(contradiction -> row("contradiction", contradiction.message()));
        if (judgement.violations().isEmpty() && judgement.forgiven().isEmpty()) {
            row("rules", colours.green("none is violated"));
        }
    }

    private void injection() {
        var injection = policy.injection();
        String patch = judgement.injection().patch().stream()
                .map(operation -> operation.op().word() + " " + operation.path()
                        + (operation.value() == null ? "" : " " + operation.value()))
                .collect(Collectors.joining("; "));
        String mode = injection.mode().word();
        row(
                "injection",
                mode
                        + (injection.source() == null ? "" : " by " + injection.source())
                        + (patch.isEmpty() ? ": nothing" : ": " + patch));
    }

    private void row(String name, String text) {
        out.printf("  %-11s %s%n", name, text);
    }

    private void term(String name, long seconds, String text) {
        out.println(String.format("    %-9s %6d s  %s", name, seconds, text).stripTrailing());
    }

    private static String seconds(long seconds) {
        return seconds + " s  ";
    }

    private static String joined(List<?> items) {
        return items.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String source(@Nullable SourcedSeconds value) {
        return value == null ? "" : ", asked for by " + value.source();
    }

    private String annotationPlace(String annotation) {
        String metadata = template.field().endsWith("spec.")
                ? template.field().substring(0, template.field().length() - "spec.".length()) + "metadata"
                : "metadata";
        return place(metadata + ".annotations[" + annotation + "]");
    }

    private String place(String field) {
        Position position = object.position(field);
        return position.isSomewhere()
                ? " (" + object.input().name() + ":" + position.line() + ":" + position.column() + ")"
                : "";
    }
}
