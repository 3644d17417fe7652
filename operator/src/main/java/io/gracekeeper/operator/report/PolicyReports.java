package io.gracekeeper.operator.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.gracekeeper.operator.leader.LeaderLoop;
import io.gracekeeper.operator.leader.Refusals;
import io.gracekeeper.operator.leader.WriteBudget;
import io.gracekeeper.operator.workload.Finding;
import io.gracekeeper.operator.workload.NamespaceChange;
import io.gracekeeper.operator.workload.WorkloadScan;
import io.gracekeeper.runtime.Json;
import io.gracekeeper.runtime.ReducedInformer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one PolicyReport in each namespace in which a policy matches something, and writes it when it is to say something else, or when
 * somebody deleted or edited it. The reports are owned by the ClusterRole that allows them: the chart takes that away when reports are switched off or everything is
 * uninstalled, and Kubernetes' garbage collector removes them, without a process or a right of ours.
 */
public final class PolicyReports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyReports.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);
    private static final Duration WITHOUT_CRD = Duration.ofMinutes(1);
    private static final Map<String, String> OURS = Map.of(ReportBuilder.MANAGED_BY, "gracekeeper");
    /** A report may be 300 kB. */
    private static final ReducedInformer.Selection SELECTION = new ReducedInformer.Selection(OURS, 20);

    private static final ResourceDefinitionContext REPORTS =
            ReducedInformer.kind("wgpolicyk8s.io", "v1alpha2", "PolicyReport", "policyreports", true);
    private final KubernetesClient client;
    private final Json json;
    private final String ownerName;
    private final WorkloadScan scan;
    private final WriteBudget budget;
    private final Clock clock;
    private final Set<String> pending = ConcurrentHashMap.newKeySet();
    private final LeaderLoop loop = new LeaderLoop("policy-reports", this::pass);

    private final KnownReports known = new KnownReports();

    /** Watches the reports; null while their CRD is missing. */
    private volatile @Nullable ReducedInformer<Kept> reports;

    private boolean begun;

    /** What is kept of a report. */
    private record Kept(String namespace, int hash) {}

    private ReportBuilder.@Nullable Owner owner;

    /**
     * Nothing runs before {@link #start}.
     *
     * @param ownerName the ClusterRole with which the reports go
     */
    public PolicyReports(
            KubernetesClient client, String ownerName, WorkloadScan scan, WriteBudget budget, Clock clock) {
        this.client = client;
        this.json = new Json(client);
        this.ownerName = ownerName;
        this.scan = scan;
        this.budget = budget;
        this.clock = clock;
    }

    /** Starts: to be called when this process starts to lead. */
    public void start() {
        loop.start();
    }

    /** Says that something else is found in a namespace. */
    public void changed(NamespaceChange change) {
        if (change.findingsChanged()) {
            pending.add(change.namespace());
            loop.wake();
        }
    }

    private Duration pass() {
        if (!scan.isSettled()) {
            return SOON;
        }
        try {
            if (!isWatching()) {
                return SOON;
            }
            if (!begun) { // What a predecessor wrote, and what it didn't.
                pending.addAll(known.namespaces());
                pending.addAll(scan.namespaces());
                begun = true;
            }
            return bringAll(owner());
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                forget();
                LOG.warn("PolicyReports can't be written: the CRD policyreports.wgpolicyk8s.io is not installed");
                return WITHOUT_CRD;
            }
            throw e;
        }
    }

    /** One namespace that can't be written to doesn't keep the others from being: what failed is thrown after the last of them. */
    private Duration bringAll(ReportBuilder.Owner reportOwner) {
        KubernetesClientException failure = null;
        for (String namespace : List.copyOf(pending)) {
            pending.remove(namespace);
            try {
                if (!bring(namespace, reportOwner)) {
                    pending.add(namespace);
                    return SOON;
                }
            } catch (KubernetesClientException e) {
                if (Refusals.isOfGoingNamespace(e)) {
                    known.remove(namespace);
                } else {
                    pending.add(namespace);
                    failure = e;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return UNTIL_WOKEN;
    }

    /** Whether all reports are known; begins to watch them where they can be. */
    private boolean isWatching() {
        ReducedInformer<Kept> watching = reports;
        if (watching == null) {
            client.genericKubernetesResources(REPORTS)
                    .inAnyNamespace()
                    .withLabels(OURS)
                    .list(new ListOptionsBuilder().withLimit(1L).build()); // Fails while there is no CRD.
            watching = new ReducedInformer<>(client, REPORTS, SELECTION, this::reduce, this::isElse);
            reports = watching;
            watching.start(loop::wake);
        }
        return watching.hasSynced();
    }

    /** Without the CRD there is nothing to watch, and there are no reports. */
    private void forget() {
        ReducedInformer<Kept> watching = reports;
        if (watching != null) {
            watching.close();
        }
        reports = null;
        begun = false;
        known.clear();
    }

    private @Nullable Kept reduce(GenericKubernetesResource report) {
        ObjectMeta metadata = report.getMetadata();
        return ReportBuilder.NAME.equals(metadata.getName())
                ? new Kept(metadata.getNamespace(), hash(ReportBuilder.content(json.tree(report))))
                : null;
    }

    /** A report came, went, or says something else: by us, or by somebody whose word is not kept. */
    private void isElse(@Nullable Kept before, @Nullable Kept after) {
        if (after != null) {
            if (known.saw(after.namespace(), after.hash())) {
                pending.add(after.namespace());
                loop.wake();
            }
        } else if (before != null) {
            known.remove(before.namespace());
            pending.add(before.namespace());
            loop.wake();
        }
    }

    private ReportBuilder.Owner owner() {
        if (owner == null) {
            ClusterRole role = client.rbac().clusterRoles().withName(ownerName).get();
            if (role == null) {
                throw new IllegalStateException("there is no ClusterRole " + ownerName + " to own the reports");
            }
            owner = new ReportBuilder.Owner(ownerName, role.getMetadata().getUid());
        }
        return owner;
    }

    /** Whether the report says now what is found. */
    private boolean bring(String namespace, ReportBuilder.Owner reportOwner) {
        List<Finding> findings = scan.in(namespace);
        if (findings.isEmpty()) {
            return !known.has(namespace) || (budget.take(1, clock.instant()) && remove(namespace));
        }
        ObjectNode report = ReportBuilder.build(namespace, findings, reportOwner);
        int hash = hash(ReportBuilder.content(report));
        if (known.says(namespace, hash)) {
            return true;
        }
        if (!budget.take(1, clock.instant())) {
            return false;
        }
        known.write(
                namespace,
                hash,
                () -> client.genericKubernetesResources(REPORTS)
                        .inNamespace(namespace)
                        .resource(client.getKubernetesSerialization()
                                .unmarshal(report.toString(), GenericKubernetesResource.class))
                        .fieldManager("gracekeeper")
                        .forceConflicts()
                        .serverSideApply());
        return true;
    }

    private boolean remove(String namespace) {
        client.genericKubernetesResources(REPORTS)
                .inNamespace(namespace)
                .withName(ReportBuilder.NAME)
                .delete();
        known.remove(namespace);
        return true;
    }

    private static int hash(String content) {
        return content.hashCode();
    }

    /** Stops, after the write that is under way. */
    @Override
    public void close() {
        loop.stop();
        ReducedInformer<Kept> watching = reports;
        if (watching != null) {
            watching.close();
        }
    }
}
