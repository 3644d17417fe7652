package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.operator.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A namespace with one Deployment, {@code web}, whose controllers and kubelet do what a test says, and which shows it to the
 * replicas that watch just as the API server would: pods with their graceful termination, their terminal status, and then
 * their removal.
 */
final class SimulatedCluster implements AuditStore {
    static final String NAMESPACE = "shop";
    static final String DEPLOYMENT_UID = "deployment-uid";

    final MovableClock clock = new MovableClock(Instant.parse("2026-11-24T10:00:00Z"));
    final Map<String, Pod> pods = new LinkedHashMap<>();
    final Map<String, ReplicaSet> replicaSets = new LinkedHashMap<>();
    final Map<String, RolloutAudit> audits = new TreeMap<>();
    final List<Replica> replicas = new ArrayList<>();
    final List<Instant> writes = new ArrayList<>();
    String strategy = "RollingUpdate";
    int unavailable;
    Deployment deployment;
    long grace = 30;

    @Nullable
    Long preStop;

    private int revision;
    private int serial;
    private long resourceVersion;

    SimulatedCluster() {
        deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("web")
                .withUid(DEPLOYMENT_UID)
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(0)
                .withTemplate(template("0"))
                .endSpec()
                .withNewStatus()
                .endStatus()
                .build();
    }

    void advance(long seconds) {
        clock.pass(Duration.ofSeconds(seconds));
    }

    /** Time goes by second by second, and every replica does its work. */
    void run(int seconds) {
        for (int i = 0; i < seconds; i++) {
            advance(1);
            replicas.forEach(Replica::pass);
        }
    }

    PodTemplateSpec template(String variant) {
        PodTemplateSpec template = new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToLabels("app", "web")
                .addToAnnotations("variant", variant)
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(grace)
                .addNewContainer()
                .withName("app")
                .withImage("web:" + variant)
                .endContainer()
                .endSpec()
                .build();
        if (preStop != null) {
            template.getSpec()
                    .getContainers()
                    .getFirst()
                    .setLifecycle(new io.fabric8.kubernetes.api.model.LifecycleBuilder()
                            .withNewPreStop()
                            .withNewSleep(preStop)
                            .endPreStop()
                            .build());
        }
        return template;
    }

    /** The user changes the template: nothing of it has reached the Deployment's controller yet. */
    void applyTemplate(String variant, int size) {
        deployment = new DeploymentBuilder(deployment)
                .editSpec()
                .withReplicas(size)
                .withTemplate(template(variant))
                .withNewStrategy()
                .withType(strategy)
                .endStrategy()
                .endSpec()
                .build();
        show(deployment);
    }

    /** A new revision with {@code size} running pods; the old ReplicaSets are asked for no pods any more. */
    List<Pod> roll(int size) {
        applyTemplate(Integer.toString(++serial), size);
        return rollTo(createReplicaSet(), size);
    }

    /** The same, with a ReplicaSet that exists: what {@code kubectl rollout undo} does. */
    List<Pod> rollTo(ReplicaSet replicaSet, int size) {
        revision++;
        annotate(replicaSet, revision);
        deployment = new DeploymentBuilder(deployment)
                .editMetadata()
                .addToAnnotations("deployment.kubernetes.io/revision", Integer.toString(revision))
                .endMetadata()
                .build();
        show(deployment);
        List<Pod> created = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            created.add(createPod(replicaSet.getMetadata().getUid()));
        }
        for (ReplicaSet other : List.copyOf(replicaSets.values())) {
            if (!other.getMetadata().getUid().equals(replicaSet.getMetadata().getUid())) {
                scale(other.getMetadata().getUid(), 0);
            }
        }
        scale(replicaSet.getMetadata().getUid(), size);
        complete(size);
        return created;
    }

    ReplicaSet createReplicaSet() {
        String uid = "rs-" + serial;
        PodTemplateSpec template = new PodTemplateSpecBuilder(
                        deployment.getSpec().getTemplate())
                .editMetadata()
                .addToLabels("pod-template-hash", uid)
                .endMetadata()
                .build();
        ReplicaSet replicaSet = new ReplicaSetBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("web-" + uid)
                .withUid(uid)
                .withCreationTimestamp(clock.instant().toString())
                .addNewOwnerReference()
                .withKind("Deployment")
                .withName("web")
                .withUid(DEPLOYMENT_UID)
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withReplicas(0)
                .withTemplate(template)
                .endSpec()
                .build();
        replicaSets.put(uid, replicaSet);
        replicas.forEach(r -> r.book.onAdd(replicaSet));
        return replicaSet;
    }

    private void annotate(ReplicaSet replicaSet, int number) {
        String before = replicaSet.getMetadata().getAnnotations() == null
                ? null
                : replicaSet.getMetadata().getAnnotations().get("deployment.kubernetes.io/revision");
        if (before != null) {
            change(new ReplicaSetBuilder(replicaSet)
                    .editMetadata()
                    .addToAnnotations("deployment.kubernetes.io/revision-history", before)
                    .endMetadata()
                    .build());
        }
        change(new ReplicaSetBuilder(replicaSets.get(replicaSet.getMetadata().getUid()))
                .editMetadata()
                .addToAnnotations("deployment.kubernetes.io/revision", Integer.toString(number))
                .endMetadata()
                .build());
    }

    void scale(String replicaSetUid, int size) {
        change(new ReplicaSetBuilder(replicaSets.get(replicaSetUid))
                .editSpec()
                .withReplicas(size)
                .endSpec()
                .build());
    }

    private void change(ReplicaSet after) {
        ReplicaSet before = replicaSets.put(after.getMetadata().getUid(), after);
        replicas.forEach(r -> r.book.onUpdate(before, after));
    }

    /** The Deployment's controller reports that all its replicas are new and available. */
    void complete(int size) {
        int available = size - unavailable;
        deployment = new DeploymentBuilder(deployment)
                .editSpec()
                .withReplicas(size)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(1L)
                .withReplicas(size)
                .withUpdatedReplicas(size)
                .withAvailableReplicas(available)
                .endStatus()
                .build();
        show(deployment);
    }

    void show(Deployment changed) {
        deployment = changed;
        replicas.forEach(r -> r.tracker.changed(DEPLOYMENT_UID));
    }

    Pod createPod(String replicaSetUid) {
        String name = "web-" + replicaSetUid + "-" + (char) ('a' + pods.size() % 26) + pods.size();
        ReplicaSet owner = Objects.requireNonNull(replicaSets.get(replicaSetUid));
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withUid("uid-" + name)
                .addNewOwnerReference()
                .withKind("ReplicaSet")
                .withName("web-" + replicaSetUid)
                .withUid(replicaSetUid)
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withSpec(owner.getSpec().getTemplate().getSpec())
                .withNewStatus()
                .withPhase("Running")
                .addNewContainerStatus()
                .withName("app")
                .withContainerID("containerd://1")
                .withRestartCount(0)
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
        pod.getSpec().setNodeName("node-1");
        pods.put(pod.getMetadata().getUid(), pod);
        replicas.forEach(r -> r.recorder.onAdd(pod));
        return pod;
    }

    /** DELETE with the pod's own grace: deletionTimestamp is when the grace is over. */
    void terminate(Pod pod) {
        terminate(pod, pod.getSpec().getTerminationGracePeriodSeconds());
    }

    void terminate(Pod pod, long seconds) {
        update(new PodBuilder(current(pod))
                .editMetadata()
                .withDeletionGracePeriodSeconds(seconds)
                .withDeletionTimestamp(clock.instant().plusSeconds(seconds).toString())
                .endMetadata()
                .build());
    }

    /** An eviction says so before it deletes. */
    void evict(Pod pod) {
        update(new PodBuilder(current(pod))
                .editStatus()
                .addNewCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .withReason("EvictionByEvictionAPI")
                .endCondition()
                .endStatus()
                .build());
        terminate(pod);
    }

    /** The kubelet's one write with the final statuses. */
    void exit(Pod pod, int code, String reason) {
        update(new PodBuilder(current(pod))
                .editStatus()
                .withPhase(code == 0 ? "Succeeded" : "Failed")
                .editFirstContainerStatus()
                .withNewState()
                .withNewTerminated()
                .withExitCode(code)
                .withReason(reason)
                .withFinishedAt(clock.instant().toString())
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build());
    }

    /** The kubelet's final delete, or a forced one: grace 0, and then the pod is gone. */
    void remove(Pod pod) {
        update(new PodBuilder(current(pod))
                .editMetadata()
                .withDeletionGracePeriodSeconds(0L)
                .withDeletionTimestamp(clock.instant().toString())
                .endMetadata()
                .build());
        Pod last = pods.remove(pod.getMetadata().getUid());
        replicas.forEach(r -> r.recorder.onDelete(last, false));
    }

    /** All of a termination that ends {@code after} seconds from now. */
    void end(Pod pod, int code, String reason) {
        exit(pod, code, reason);
        remove(pod);
    }

    Pod current(Pod pod) {
        return Objects.requireNonNull(pods.get(pod.getMetadata().getUid()), "the pod is gone");
    }

    private void update(Pod after) {
        Pod before = pods.put(after.getMetadata().getUid(), after);
        replicas.forEach(r -> r.recorder.onUpdate(before, after));
    }

    @Nullable
    RolloutAuditStatus status(int number) {
        RolloutAudit audit = audits.get("deploy-web-" + number);
        return audit == null ? null : audit.getStatus();
    }

    @Override
    public RolloutAudit create(RolloutAudit audit) {
        if (audits.containsKey(audit.getMetadata().getName())) {
            throw new KubernetesClientException("exists", 409, null);
        }
        RolloutAudit created = copy(audit, null);
        created.getMetadata().setUid("audit-" + audit.getMetadata().getName());
        return stored(created);
    }

    @Override
    public RolloutAudit get(String namespace, String name) {
        RolloutAudit audit = audits.get(name);
        if (audit == null) {
            throw new KubernetesClientException("not found", 404, null);
        }
        return audit;
    }

    @Override
    public RolloutAudit writeStatus(RolloutAudit audit, RolloutAuditStatus status) {
        RolloutAudit stored = get(NAMESPACE, audit.getMetadata().getName());
        if (!stored.getMetadata()
                .getResourceVersion()
                .equals(audit.getMetadata().getResourceVersion())) {
            throw new KubernetesClientException("conflict", 409, null);
        }
        return stored(copy(stored, status));
    }

    private RolloutAudit stored(RolloutAudit audit) {
        audit.getMetadata().setResourceVersion(Long.toString(++resourceVersion));
        audits.put(audit.getMetadata().getName(), audit);
        writes.add(clock.instant());
        replicas.forEach(r -> r.heard.put(audit.getMetadata().getUid(), clock.instant()));
        return audit;
    }

    @Override
    public void delete(RolloutAudit audit) {
        audits.remove(audit.getMetadata().getName());
    }

    private static RolloutAudit copy(RolloutAudit audit, @Nullable RolloutAuditStatus status) {
        RolloutAudit copy = new RolloutAudit();
        copy.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder(audit.getMetadata()).build());
        copy.setSpec(audit.getSpec());
        copy.setStatus(status);
        return copy;
    }
}
