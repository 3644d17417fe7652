package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.Existing;
import io.gracekeeper.crds.ExistingMode;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Halt;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Retrofit;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.operator.event.EventReason;
import io.gracekeeper.operator.event.EventRecorder;
import io.gracekeeper.policy.InjectionSettings;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.runtime.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives existing workloads their turn. One decision at a time for the whole cluster, whoever asks: two policies that decided side by
 * side could each take the last place.
 */
public final class Retrofitter {
    private static final Logger LOG = LoggerFactory.getLogger(Retrofitter.class);
    private static final int NAMED = 3;

    private final EventRecorder events;
    private final Clock clock;
    private final Pacer pacer;
    private final FreshDeployments fresh;
    private final Members members;
    private final Toucher toucher;
    private final PodRestarts restarts;

    /**
     * What one turn is decided from.
     *
     * @param self whose turn it is
     * @param policy the same as an object
     * @param spec what it says
     * @param previous the halt of its status; null where it was not halted
     * @param snapshot the policies that hold now
     * @param own the Deployments whose injection the policy decides
     * @param touched every touched Deployment of the cluster
     * @param audits finds the audits of a workload by its uid
     * @param mayTouch whether anything may be touched at all
     */
    public record Turn(
            PolicyReference self,
            HasMetadata policy,
            GracefulShutdownPolicySpec spec,
            @Nullable Halt previous,
            PolicySnapshot snapshot,
            Collection<JudgedDeployment> own,
            Collection<Deployment> touched,
            Function<String, List<RolloutAudit>> audits,
            boolean mayTouch) {
        /** Kind and name of a workload, and its namespace where the policy speaks about several. */
        String name(Member member) {
            return self.scope() == PolicyReference.Scope.CLUSTER
                    ? "Deployment/" + member.candidate().key()
                    : member.display();
        }
    }

    /**
     * A retrofitter that has touched nothing.
     *
     * @param clusterLimit how many workloads may be on their way at once, of all policies together
     */
    public Retrofitter(
            KubernetesClient client, WorkloadKinds kinds, EventRecorder events, Clock clock, int clusterLimit) {
        this.events = events;
        this.clock = clock;
        this.pacer = new Pacer(clusterLimit);
        this.fresh = new FreshDeployments(client, clock);
        var judge = new DeploymentJudge(new Json(client), kinds, clock);
        this.members = new Members(fresh, judge, clock);
        this.toucher = new Toucher(client, judge);
        this.restarts = new PodRestarts(client);
    }

    /**
     * Takes a policy's turn.
     *
     * @return how its retrofit stands; null where the policy paces nothing
     * @throws KubernetesClientException if the API server gave no answer; nothing is forgotten by that
     */
    public synchronized @Nullable RetrofitReport take(Turn turn) {
        if (!paces(turn.spec())) {
            return null;
        }
        fresh.catchUp();
        Instant editedAt = WriteTimes.editedAt(turn.policy());
        List<Member> own = new ArrayList<>();
        for (JudgedDeployment judged : turn.own()) {
            InjectionSettings injection = judged.finding().injection();
            if (injection.paced() && turn.self().equals(injection.source())) {
                own.add(members.read(judged, turn.snapshot(), editedAt));
            }
        }
        Halt previous = turn.previous();
        Halt halt = Halts.decide(
                previous,
                generation(turn.policy()),
                resume(turn.policy()),
                evidence(turn, own),
                editedAt,
                clock.instant());
        if (turn.mayTouch()) {
            halt = touch(turn, own, halt, editedAt);
        }
        announce(turn, previous, halt);
        return report(turn, own, halt);
    }

    /** What went wrong with workloads that carry the present touch. */
    private List<Evidence> evidence(Turn turn, List<Member> own) {
        List<Evidence> evidence = new ArrayList<>();
        for (Member member : own) {
            Candidate candidate = member.candidate();
            if (!candidate.isTouched()) {
                continue;
            }
            RolloutProgress progress = candidate.progress();
            if (candidate.isOpen() && progress.overdueSince() != null) {
                evidence.add(new Evidence(
                        HaltReason.NOT_AVAILABLE,
                        turn.name(member),
                        turn.name(member) + " did not become Available within its progressDeadlineSeconds",
                        progress.overdueSince()));
            }
            if (candidate.isOpen() && progress.observed()) {
                restarts.find(member.deployment(), turn.name(member)).ifPresent(evidence::add);
            }
            ForcedKills.find(turn.audits().apply(candidate.uid()), candidate.uid(), turn.name(member))
                    .ifPresent(evidence::add);
            if (candidate.ignoredItsTouch()) {
                evidence.add(ignored(turn, member));
            }
        }
        evidence.sort(Comparator.comparing(Evidence::reason).thenComparing(Evidence::workload));
        return evidence;
    }

    private static Evidence ignored(Turn turn, Member member) {
        return new Evidence(
                HaltReason.TOUCH_IGNORED,
                turn.name(member),
                turn.name(member) + " carries " + Annotations.INJECT
                        + ", but its template lacks what that stands for: the"
                        + " mutating webhook was not called, or somebody took it out again",
                WriteTimes.writtenByUsAt(member.deployment()));
    }

    /** Touches as long as there is a place, each time from what the touch before has left. */
    private @Nullable Halt touch(Turn turn, List<Member> own, @Nullable Halt decided, Instant editedAt) {
        Halt halt = decided;
        for (int tries = own.size(); tries > 0; tries--) {
            Optional<Candidate> next = pacer.next(
                    own.stream().map(Member::candidate).toList(),
                    maxConcurrent(turn.spec()),
                    members.open(turn.touched()),
                    halt != null);
            if (next.isEmpty()) {
                break;
            }
            Member member = own.stream()
                    .filter(each -> each.candidate().equals(next.get()))
                    .findFirst()
                    .orElseThrow();
            own.remove(member);
            halt = touch(turn, own, member, editedAt);
        }
        return halt;
    }

    private @Nullable Halt touch(Turn turn, List<Member> own, Member member, Instant editedAt) {
        TouchResult result = touch(member, turn.snapshot());
        LOG.atInfo()
                .addKeyValue("workload", member.candidate().key())
                .addKeyValue("touch", member.candidate().hash())
                .addKeyValue("result", result.getClass().getSimpleName())
                .log("Touched");
        return switch (result) {
            case TouchResult.Injected(Deployment answer, String what) -> {
                own.add(answered(answer, turn, editedAt));
                events.record(
                        answer,
                        EventReason.INJECTION_APPLIED,
                        "Injected " + what + ". Pods that end now still have their OLD settings.");
                yield null;
            }
            case TouchResult.Ignored(Deployment answer) -> {
                own.add(answered(answer, turn, editedAt));
                yield halt(turn.policy(), ignored(turn, member));
            }
            case TouchResult.Refused(String message) -> {
                own.add(member);
                yield halt(
                        turn.policy(),
                        new Evidence(
                                HaltReason.TOUCH_REFUSED,
                                turn.name(member),
                                turn.name(member) + ": the touch was refused: " + message,
                                null));
            }
            // The informer will bring what is new, and with it the next turn.
            case TouchResult.Outdated outdated -> null;
        };
    }

    private Member answered(Deployment answer, Turn turn, Instant editedAt) {
        fresh.answered(answer);
        return members.read(answer, turn.snapshot(), editedAt);
    }

    private TouchResult touch(Member member, PolicySnapshot snapshot) {
        var metadata = member.deployment().getMetadata();
        Deployment now = fresh.get(metadata.getNamespace(), metadata.getName());
        if (now == null || !now.getMetadata().getUid().equals(metadata.getUid())) {
            return new TouchResult.Outdated();
        }
        // What was decided was decided about what the informer had; it must still be so.
        if (!members.read(now, snapshot, Instant.MAX).candidate().isEligible()) {
            return new TouchResult.Outdated();
        }
        members.aboutToTouch(now);
        try {
            return toucher.touch(now, snapshot);
        } catch (KubernetesClientException e) {
            fresh.lost(now);
            throw e;
        }
    }

    private Halt halt(HasMetadata policy, Evidence evidence) {
        return Halts.halt(evidence, generation(policy), resume(policy), clock.instant());
    }

    private void announce(Turn turn, @Nullable Halt previous, @Nullable Halt halt) {
        HasMetadata policy = turn.policy();
        if (halt != null && !halt.equals(previous)) {
            events.record(policy, EventReason.RETROFIT_HALTED, halt.message());
            LOG.atWarn()
                    .addKeyValue("policy", turn.self())
                    .addKeyValue("namespace", turn.self().namespace())
                    .addKeyValue("reason", halt.reason())
                    .log("Retrofit halted: {}", halt.message());
        } else if (halt == null && previous != null) {
            events.record(policy, EventReason.RETROFIT_RESUMED, "The retrofit goes on.");
        }
    }

    private static RetrofitReport report(Turn turn, List<Member> own, @Nullable Halt halt) {
        var status = new Retrofit(
                count(own, TurnState.PENDING),
                count(own, TurnState.ROLLING),
                count(own, TurnState.SETTLED),
                count(own, TurnState.SKIPPED),
                halt);
        List<String> rolling = own.stream()
                .filter(member -> member.candidate().state() == TurnState.ROLLING)
                .map(turn::name)
                .sorted()
                .limit(NAMED)
                .toList();
        return new RetrofitReport(status, rolling);
    }

    private static int count(List<Member> own, TurnState state) {
        return (int) own.stream()
                .filter(member -> member.candidate().state() == state)
                .count();
    }

    private static boolean paces(GracefulShutdownPolicySpec spec) {
        Injection injection = spec.injection();
        return injection != null
                && injection.mode() == InjectionMode.APPLY
                && injection.existing() != null
                && injection.existing().mode() == ExistingMode.PACED;
    }

    private static int maxConcurrent(GracefulShutdownPolicySpec spec) {
        Injection injection = spec.injection();
        Existing existing = injection == null ? null : injection.existing();
        return existing == null || existing.maxConcurrent() == null ? 1 : existing.maxConcurrent();
    }

    private static long generation(HasMetadata policy) {
        return Objects.requireNonNullElse(policy.getMetadata().getGeneration(), 0L);
    }

    private static @Nullable String resume(HasMetadata policy) {
        var annotations = policy.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Annotations.RESUME);
    }
}
