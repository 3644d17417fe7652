package io.gracekeeper.operator.unwedge;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.operator.event.EventReason;
import io.gracekeeper.operator.event.EventRecorder;
import io.gracekeeper.operator.leader.LeaderLoop;
import io.gracekeeper.operator.leader.WriteBudget;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks ReplicaSets to try again whose pods our webhook refused, once other policies or exceptions let them pass. A ReplicaSet waits
 * longer after each refusal, up to minutes; any new annotation of its Deployment is copied to it and makes it try at once, without a
 * rollout (seen on Kubernetes 1.37). Each is asked at most once a minute, only where its pods would pass, and again as long as they
 * are refused all the same: a webhook that learns of the change after us would refuse them once more, and nothing else would tell.
 */
public final class Unwedger implements ResourceEventHandler<ReplicaSet>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Unwedger.class);
    private static final Duration PER_DEPLOYMENT = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);
    private static final PatchContext MERGE_PATCH = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager("gracekeeper")
            .build();

    private final KubernetesClient client;
    private final PodAdmission admission;
    private final EventRecorder events;
    private final WriteBudget budget;
    private final Clock clock;
    private final Map<String, Wedged> wedged = new ConcurrentHashMap<>();
    private final Set<String> pending = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> asked = new HashMap<>();
    private final LeaderLoop loop = new LeaderLoop("unwedge", this::pass);

    /** Nothing runs before {@link #start}. */
    public Unwedger(
            KubernetesClient client, PodAdmission admission, EventRecorder events, WriteBudget budget, Clock clock) {
        this.client = client;
        this.admission = admission;
        this.events = events;
        this.budget = budget;
        this.clock = clock;
    }

    @Override
    public void onAdd(ReplicaSet replicaSet) {
        seen(replicaSet);
    }

    @Override
    public void onUpdate(ReplicaSet before, ReplicaSet after) {
        seen(after);
    }

    @Override
    public void onDelete(ReplicaSet replicaSet, boolean finalStateUnknown) {
        wedged.remove(replicaSet.getMetadata().getUid());
    }

    private void seen(ReplicaSet replicaSet) {
        String uid = replicaSet.getMetadata().getUid();
        Wedged.of(replicaSet).ifPresentOrElse(found -> wedged.put(uid, found), () -> wedged.remove(uid));
    }

    /** Starts: to be called when this process starts to lead. What changed while nobody led is looked at first. */
    public void start() {
        wedged.values().forEach(found -> pending.add(found.namespace()));
        loop.start();
    }

    /** Says that other policies or exceptions hold in a namespace. */
    public void policiesChanged(String namespace) {
        pending.add(namespace);
        loop.wake();
    }

    private Duration pass() {
        asked.values().removeIf(at -> !at.plus(PER_DEPLOYMENT).isAfter(clock.instant()));
        boolean later = false;
        for (String namespace : List.copyOf(pending)) {
            // Before the tries: what comes meanwhile is another change. A failure puts it back.
            pending.remove(namespace);
            boolean done = true;
            for (Wedged found : wedged.values()) {
                if (found.namespace().equals(namespace)) {
                    done &= attempt(found);
                }
            }
            if (!done) {
                pending.add(namespace);
                later = true;
            }
        }
        return later ? SOON : UNTIL_WOKEN;
    }

    /** Whether nothing is left to be done about it for now. */
    private boolean attempt(Wedged found) {
        Instant now = clock.instant();
        if (asked.containsKey(found.deploymentUid())) {
            return false;
        }
        try {
            ReplicaSet replicaSet = client.apps()
                    .replicaSets()
                    .inNamespace(found.namespace())
                    .withName(found.name())
                    .get();
            if (replicaSet == null
                    || Wedged.of(replicaSet).filter(found::equals).isEmpty()
                    || !admission.passes(replicaSet, found.deployment())) {
                return true;
            }
            if (!budget.take(1, now)) {
                return false;
            }
            Deployment deployment = ask(found, now);
            asked.put(found.deploymentUid(), now);
            events.record(
                    deployment,
                    EventReason.RETRIED,
                    "The pods of ReplicaSet " + found.name()
                            + " were refused and pass now: it was asked to try again at once.");
            LOG.atInfo()
                    .addKeyValue("namespace", found.namespace())
                    .addKeyValue("replicaSet", found.name())
                    .log("Asked to try again, since its pods pass now");
            // Done when its status no longer says so.
            return false;
        } catch (KubernetesClientException e) {
            LOG.atWarn()
                    .addKeyValue("namespace", found.namespace())
                    .addKeyValue("replicaSet", found.name())
                    .addKeyValue("code", e.getCode())
                    .log("Can't be asked to try again: {}", e.getMessage());
            return e.getCode() == 404 || e.getCode() == 403;
        }
    }

    private Deployment ask(Wedged found, Instant now) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.put("uid", found.deploymentUid());
        metadata.putObject("annotations")
                .put(Annotations.RETRY, now.truncatedTo(ChronoUnit.SECONDS).toString());
        return client.apps()
                .deployments()
                .inNamespace(found.namespace())
                .withName(found.deployment())
                .patch(MERGE_PATCH, patch.toString());
    }

    /** Stops, after the try that is under way. */
    @Override
    public void close() {
        loop.stop();
    }
}
