package io.gracekeeper.policy.rollout;

import io.gracekeeper.crds.End;
import io.gracekeeper.crds.EndResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says how a pod ended: by its worst main container. Native sidecars add findings; init and ephemeral containers are never
 * judged.
 *
 * <p>The promises that the whole product stands on: a pod is clean only if the kubelet's final status of every main
 * container that ever ran was seen; a kill is forced only if it is a SIGKILL (137, not out of memory, not made up by the
 * kubelet) at or after the end of the grace.
 */
public final class TerminationJudge {
    private static final Comparator<ContainerVerdict> WORST_LAST = Comparator.comparing(ContainerVerdict::result)
            .thenComparing(v -> Objects.requireNonNullElse(v.endedAfter(), Duration.ZERO));

    private final Set<Integer> cleanExitCodes;

    /** @param cleanExitCodes what counts as a clean end besides 0; 137 has no effect here, it is never clean */
    public TerminationJudge(Set<Integer> cleanExitCodes) {
        this.cleanExitCodes = Set.copyOf(cleanExitCodes);
    }

    /** The judged end; empty if no main container ever ran, so that nothing was shut down. */
    public Optional<JudgedEnd> judge(PodTermination pod) {
        ContainerJudge judge = new ContainerJudge(pod, cleanExitCodes);
        List<ContainerTermination> mains = ofKind(pod, ContainerKind.MAIN);
        List<ContainerVerdict> verdicts =
                mains.stream().map(judge::judge).flatMap(Optional::stream).toList();
        if (verdicts.isEmpty()) {
            // Without any container known, the pod itself was not seen; with some known, none of them ever ran.
            return mains.isEmpty() && pod.evidence() != Evidence.NEVER_SCHEDULED
                    ? Optional.of(unseenPod(pod))
                    : Optional.empty();
        }
        ContainerVerdict worst = verdicts.stream().max(WORST_LAST).orElseThrow();
        List<String> findings = new ArrayList<>();
        worst.findings().forEach(f -> findings.add(f.word()));
        verdicts.stream().filter(v -> !v.equals(worst)).forEach(v -> findings.addAll(besides(v)));
        findings.addAll(sidecarFindings(pod, judge, mains));
        return Optional.of(new JudgedEnd(pod.uid(), end(pod, worst, findings), preStopOf(pod, worst)));
    }

    private static List<ContainerTermination> ofKind(PodTermination pod, ContainerKind kind) {
        return pod.containers().stream().filter(c -> c.kind() == kind).toList();
    }

    /** What has to be known of a container that did not decide: that its end was not seen, above all. */
    private static List<String> besides(ContainerVerdict other) {
        if (other.result() == EndResult.CLEAN && other.findings().isEmpty()) {
            return List.of();
        }
        if (other.findings().isEmpty()) {
            return List.of(other.result().word() + "/" + other.name());
        }
        return other.findings().stream().map(f -> f.wordFor(other.name())).toList();
    }

    private List<String> sidecarFindings(PodTermination pod, ContainerJudge judge, List<ContainerTermination> mains) {
        List<String> findings = new ArrayList<>();
        for (ContainerTermination sidecar : ofKind(pod, ContainerKind.NATIVE_SIDECAR)) {
            Optional<ContainerVerdict> verdict = judge.judge(sidecar);
            if (verdict.isEmpty() || verdict.get().result() == EndResult.CLEAN) {
                continue;
            }
            boolean starved = verdict.get().result() == EndResult.FORCED_KILL && usedAllGrace(mains, judge.deadline());
            findings.add(
                    starved
                            ? Finding.SIDECAR_STARVED.wordFor(sidecar.name())
                            : "Sidecar" + verdict.get().result().word() + "/" + sidecar.name());
        }
        return findings;
    }

    private static boolean usedAllGrace(List<ContainerTermination> mains, @Nullable Instant deadline) {
        return deadline != null
                && mains.stream()
                        .map(ContainerTermination::exit)
                        .anyMatch(exit -> exit != null && ContainerJudge.reached(exit, deadline));
    }

    private static @Nullable Long preStopOf(PodTermination pod, ContainerVerdict worst) {
        return pod.containers().stream()
                .filter(c -> c.name().equals(worst.name()))
                .map(ContainerTermination::preStopSeconds)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static End end(PodTermination pod, ContainerVerdict worst, List<String> findings) {
        Duration after = worst.endedAfter();
        return new End(
                pod.name(),
                worst.name(),
                worst.result(),
                EndCauseJudge.judge(pod.causeFacts()),
                worst.exitCode(),
                pod.t0(),
                pod.grace(),
                after == null ? null : after.toSeconds(),
                pod.settings(),
                findings.isEmpty() ? null : List.copyOf(findings));
    }

    private static JudgedEnd unseenPod(PodTermination pod) {
        ContainerVerdict nothing = new ContainerVerdict("", EndResult.UNSEEN, null, null, List.of());
        String why = Finding.GONE_UNSEEN.word();
        End end = end(pod, nothing, List.of(why));
        return new JudgedEnd(
                pod.uid(),
                new End(
                        end.pod(),
                        null,
                        end.result(),
                        end.cause(),
                        null,
                        end.t0(),
                        end.grace(),
                        null,
                        end.settings(),
                        end.findings()),
                null);
    }
}
