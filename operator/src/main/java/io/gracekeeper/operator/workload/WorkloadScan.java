package io.gracekeeper.operator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Labels;
import io.gracekeeper.operator.leader.LeaderLoop;
import io.gracekeeper.policy.BreakGlass;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.CompiledException;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the engine says of every workload that a policy matches. Each is judged once per change of itself, or of the policies and
 * exceptions that hold in its namespace; an exception that ends is such a change. Runs on every replica, so that the one that takes
 * over knows what is new and what is not; it writes nothing.
 */
public final class WorkloadScan implements AutoCloseable {
    /** Many events at once are one pass. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Everything is looked at again, whatever events said. */
    private static final Duration RESYNC = Duration.ofMinutes(10);

    private static final Duration SETTLING = Duration.ofMillis(200);

    private final Supplier<PolicySnapshot> policies;
    private final BooleanSupplier policiesAreKnown;
    private final WorkloadKinds kinds;
    private final ScannedWorkloads sources;
    private final Clock clock;
    private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final Queue<NamespaceChange> news = new ConcurrentLinkedQueue<>();
    private final List<Consumer<NamespaceChange>> listeners = new CopyOnWriteArrayList<>();
    private final LeaderLoop loop = new LeaderLoop("workload-scan", this::pass);
    private @Nullable PolicySnapshot followed;
    private @Nullable Instant lookedAtAll;
    private volatile boolean settled;

    private record Asked(List<Policy> policies, List<CompiledException> exceptions, String podInjection) {
        private record Policy(PolicyReference reference, GracefulShutdownPolicySpec spec) {}

        static final Asked NOTHING = new Asked(List.of(), List.of(), "");

        /** The specs and not the compiled policies: those are made anew with each status that we write. */
        static Asked of(NamespacePolicies here, Instant now) {
            if (here.policies().isEmpty()) {
                return NOTHING;
            }
            return new Asked(
                    here.policies().stream()
                            .map(policy -> new Policy(policy.reference(), policy.spec()))
                            .toList(),
                    here.exceptions().stream()
                            .filter(exception -> now.isBefore(exception.expiresAt()))
                            .toList(),
                    here.namespaceLabels().getOrDefault(Labels.POD_INJECTION, ""));
        }
    }

    /**
     * What is known of one workload.
     *
     * @param isFinal false where a maker was not known yet: judged again at the next look
     * @param finding null where no policy matches it
     */
    private record Known(
            String version, boolean isFinal, @Nullable Finding finding) {}

    private static final class Namespace {
        private Asked asked = Asked.NOTHING;
        private Map<String, Known> byUid = Map.of();
        private volatile List<Finding> findings = List.of();
    }

    /**
     * A scan that has not begun.
     *
     * @param policies those that hold now
     * @param policiesAreKnown whether they are those of the cluster yet
     * @param sources makes the sources, given whom to tell of changes
     */
    public WorkloadScan(
            Supplier<PolicySnapshot> policies,
            BooleanSupplier policiesAreKnown,
            WorkloadKinds kinds,
            Function<Consumer<String>, ? extends ScannedWorkloads> sources,
            Clock clock) {
        this.policies = policies;
        this.policiesAreKnown = policiesAreKnown;
        this.kinds = kinds;
        this.clock = clock;
        this.sources = sources.apply(this::changed);
    }

    /** Has somebody told of each change, on a thread of the scan, in order. */
    public void onChange(Consumer<NamespaceChange> listener) {
        listeners.add(listener);
    }

    /** Starts. */
    public void start() {
        loop.start();
    }

    /** Says that other policies, exceptions or namespaces are there. */
    public void policiesChanged() {
        loop.wake();
    }

    private void changed(String namespace) {
        if (changed.add(namespace)) {
            loop.wake();
        }
    }

    /** Whether all workloads that a policy may match are known. */
    public boolean isReadyFor(CompiledPolicy policy) {
        return settled && sources.areReady(policy.kinds());
    }

    /** Whether everything was looked at once. */
    public boolean isSettled() {
        return settled;
    }

    /** The namespaces in which a policy holds, as far as they have workloads. */
    public Set<String> namespaces() {
        return new TreeSet<>(namespaces.keySet());
    }

    /** What is found in a namespace now. */
    public List<Finding> in(String namespace) {
        PolicySnapshot snapshot = policies.get();
        NamespacePolicies here = snapshot.policiesIn(namespace);
        if (here.policies().isEmpty() && !namespaces.containsKey(namespace)) {
            return List.of();
        }
        Namespace known = namespaces.computeIfAbsent(namespace, name -> new Namespace());
        synchronized (known) {
            Instant now = clock.instant();
            Asked asked = Asked.of(here, now);
            boolean otherPolicies = !asked.equals(known.asked);
            if (!otherPolicies && !changed.contains(namespace)) {
                return known.findings;
            }
            if (!sources.areReady(kinds(here))) {
                return known.findings; // Looked at again when they are.
            }
            changed.remove(namespace); // Before the caches are read: what comes later is a change again.
            look(namespace, known, here, asked, now);
            if (here.policies().isEmpty()) {
                namespaces.remove(namespace, known);
            }
            return known.findings;
        }
    }

    /** How many workloads were found to stand there. */
    public long count(Classification classification) {
        return namespaces.values().stream()
                .flatMap(known -> known.findings.stream())
                .filter(finding -> finding.classification() == classification)
                .count();
    }

    /** How many violations an exception forgives by itself, whatever others do: 0 means that nobody would miss it. */
    public int forgivenBy(CompiledException exception) {
        String namespace = exception.namespace();
        NamespacePolicies here = policies.get().policiesIn(namespace);
        if (here.policies().isEmpty()) {
            return 0;
        }
        var with = new PolicyEngine(name -> with(here, List.of(exception)), kinds, clock);
        var without = new PolicyEngine(name -> with(here, List.of()), kinds, clock);
        int forgiven = 0;
        for (WorkloadKind kind : kinds(here)) {
            for (StoredWorkload workload : sources.in(kind, namespace)) {
                forgiven += forgivenBy(exception, kind, workload, with, without);
            }
        }
        return forgiven;
    }

    private int forgivenBy(
            CompiledException exception,
            WorkloadKind kind,
            StoredWorkload workload,
            PolicyEngine with,
            PolicyEngine without) {
        if (!exception.mayReach(kind, workload.name())) {
            return 0; // Without parsing it.
        }
        JsonNode object = workload.object();
        Origin origin = sources.origin(object, workload.namespace());
        if (!exception.reaches(kind, workload.name(), origin)) {
            return 0;
        }
        int left = with.judge(object, origin).violations().size();
        return Math.max(0, without.judge(object, origin).violations().size() - left);
    }

    private void look(String namespace, Namespace known, NamespacePolicies here, Asked asked, Instant now) {
        boolean otherPolicies = !asked.equals(known.asked);
        Map<String, Known> before = otherPolicies ? Map.of() : known.byUid;
        Map<String, Known> after = new HashMap<>();
        Map<List<PolicyReference>, List<PolicyReference>> shared = new HashMap<>();
        List<Finding> findings = new ArrayList<>();
        var engine = new PolicyEngine(name -> here, kinds, clock);
        for (WorkloadKind kind : kinds(here)) {
            for (StoredWorkload workload : sources.in(kind, namespace)) {
                Known entry = before.get(workload.uid());
                if (entry == null || !entry.isFinal() || !entry.version().equals(workload.version())) {
                    JsonNode object = workload.object();
                    Origin origin = sources.origin(object, namespace);
                    entry = new Known(
                            workload.version(),
                            origin.complete(),
                            judge(engine, workload, object, origin, shared, now));
                }
                after.put(workload.uid(), entry);
                if (entry.finding() != null) {
                    findings.add(entry.finding());
                }
            }
        }
        findings.sort(Comparator.comparing((Finding finding) -> finding.kind().kind())
                .thenComparing(Finding::name)
                .thenComparing(Finding::uid));
        List<Finding> previous = known.findings;
        known.asked = asked;
        known.byUid = after;
        known.findings = List.copyOf(findings);
        if (otherPolicies || !previous.equals(known.findings)) {
            news.add(new NamespaceChange(namespace, previous, known.findings, otherPolicies, settled));
            loop.wake();
        }
    }

    private static NamespacePolicies with(NamespacePolicies here, List<CompiledException> exceptions) {
        return new NamespacePolicies(here.policies(), exceptions, here.namespaceLabels());
    }

    private @Nullable Finding judge(
            PolicyEngine engine,
            StoredWorkload workload,
            JsonNode object,
            Origin origin,
            Map<List<PolicyReference>, List<PolicyReference>> shared,
            Instant now) {
        Judgement judgement = engine.judge(object, origin);
        if (judgement.classification() == Classification.UNMATCHED) {
            return null;
        }
        BreakGlass.Active breakGlass = BreakGlass.of(object, now) instanceof BreakGlass.Active active ? active : null;
        Finding finding = Finding.of(workload, judgement, breakGlass);
        List<PolicyReference> same = shared.putIfAbsent(finding.policies(), finding.policies());
        return same == null ? finding : finding.withPolicies(same);
    }

    private Set<WorkloadKind> kinds(NamespacePolicies here) {
        Set<WorkloadKind> named = new HashSet<>();
        here.policies().forEach(policy -> named.addAll(policy.kinds()));
        return named;
    }

    private Duration pass() {
        if (settled && !paused()) {
            return Duration.ZERO;
        }
        if (!policiesAreKnown.getAsBoolean()) {
            return SETTLING;
        }
        PolicySnapshot snapshot = policies.get();
        boolean otherPolicies = snapshot != followed;
        if (otherPolicies) {
            sources.follow(snapshot);
            followed = snapshot;
        }
        if (sources.isSettling() && !settled) {
            return SETTLING;
        }
        Instant now = clock.instant();
        boolean all = lookedAtAll == null || !now.isBefore(lookedAtAll.plus(RESYNC));
        if (all) {
            lookedAtAll = now;
            changed.addAll(sources.namespaces());
        }
        Set<String> look = new HashSet<>(namespaces.keySet());
        look.addAll(changed);
        if (otherPolicies) {
            look.addAll(sources.namespaces());
        }
        look.forEach(this::visit);
        settled = true;
        tell();
        return sources.isSettling() ? SETTLING : untilNext(snapshot, now);
    }

    private static boolean paused() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void visit(String namespace) {
        in(namespace);
        if (policies.get().policiesIn(namespace).policies().isEmpty()) {
            changed.remove(namespace);
        }
    }

    private void tell() {
        for (NamespaceChange change = news.poll(); change != null; change = news.poll()) {
            for (Consumer<NamespaceChange> listener : listeners) {
                listener.accept(change);
            }
        }
    }

    /** Until an exception ends, or everything is looked at again; with a pause, so that many events are one pass. */
    private Duration untilNext(PolicySnapshot snapshot, Instant now) {
        Duration wait = RESYNC;
        for (String namespace : namespaces.keySet()) {
            for (CompiledException exception : snapshot.policiesIn(namespace).exceptions()) {
                Duration left = Duration.between(now, exception.expiresAt());
                if (left.isPositive() && left.compareTo(wait) < 0) {
                    wait = left.plusMillis(1);
                }
            }
        }
        return wait;
    }

    /** Stops. */
    @Override
    public void close() {
        loop.stop();
        sources.close();
    }
}
