package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.gracekeeper.crds.Annotations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is newer than the informer: the answers to our own touches, and what a predecessor touched last. Without it, a place would
 * look free until the watch has caught up, and the limit would be broken. Not for several threads.
 */
final class FreshDeployments {
    private static final long PAGE = 500;

    /** A watch that has not brought an answer of ours for so long is asked about: the workload may be gone. */
    private static final Duration WATCH_LAGS = Duration.ofSeconds(15);

    private final KubernetesClient client;
    private final Clock clock;
    private final Map<String, Answer> newer = new HashMap<>();
    private final Set<Name> uncertain = new HashSet<>();
    private boolean listed;

    private record Name(String namespace, String name) {}

    private record Answer(Deployment deployment, Instant at) {}

    FreshDeployments(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** To be called before any decision: asks the API server for all that can't be known from memory. */
    void catchUp() {
        if (!listed) {
            listTouched();
            listed = true;
        }
        for (Name name : Set.copyOf(uncertain)) {
            Deployment found = get(name.namespace(), name.name());
            if (found != null) {
                answered(found);
            }
            uncertain.remove(name);
        }
        Instant late = clock.instant().minus(WATCH_LAGS);
        for (Answer answer : List.copyOf(newer.values())) {
            if (answer.at().isBefore(late)) {
                askAgain(answer.deployment());
            }
        }
    }

    private void askAgain(Deployment before) {
        Deployment now =
                get(before.getMetadata().getNamespace(), before.getMetadata().getName());
        newer.remove(before.getMetadata().getUid());
        if (now != null
                && now.getMetadata().getUid().equals(before.getMetadata().getUid())) {
            answered(now);
        }
    }

    private void listTouched() {
        String more = null;
        do {
            DeploymentList page = client.apps()
                    .deployments()
                    .inAnyNamespace()
                    .list(new ListOptionsBuilder()
                            .withLimit(PAGE)
                            .withContinue(more)
                            .build());
            page.getItems().stream()
                    .filter(deployment -> !touch(deployment).isEmpty())
                    .forEach(this::answered);
            more = page.getMetadata() == null ? null : page.getMetadata().getContinue();
        } while (more != null && !more.isEmpty());
    }

    @Nullable
    Deployment get(String namespace, String name) {
        return client.apps().deployments().inNamespace(namespace).withName(name).get();
    }

    /** Remembers what the API server answered, until the informer has it too. */
    void answered(Deployment deployment) {
        newer.put(deployment.getMetadata().getUid(), new Answer(deployment, clock.instant()));
    }

    /** Remembers that nobody knows what became of a touch: its answer was lost. */
    void lost(Deployment deployment) {
        uncertain.add(new Name(
                deployment.getMetadata().getNamespace(),
                deployment.getMetadata().getName()));
    }

    /** What is newer than the informer, by uid; workloads that the informer has never seen are among them. */
    Map<String, Deployment> newer() {
        Map<String, Deployment> deployments = new HashMap<>();
        newer.forEach((uid, answer) -> deployments.put(uid, answer.deployment()));
        return deployments;
    }

    /** The newer of what the informer has and what we were answered. */
    Deployment newest(Deployment cached) {
        Answer answer = newer.get(cached.getMetadata().getUid());
        if (answer == null) {
            return cached;
        }
        if (version(cached) >= version(answer.deployment())) {
            newer.remove(cached.getMetadata().getUid());
            return cached;
        }
        return answer.deployment();
    }

    /** Since Kubernetes 1.35 the order of resource versions is part of the API; before, it was so all the same. */
    private static long version(Deployment deployment) {
        try {
            return Long.parseLong(deployment.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    static String touch(Deployment deployment) {
        Map<String, String> annotations = deployment.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(Annotations.INJECT, "");
    }
}
