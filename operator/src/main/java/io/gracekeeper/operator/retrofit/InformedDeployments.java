package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Deployments of the cluster, of an informer that somebody else runs. */
public final class InformedDeployments {
    private static final String TOUCHED = "gracekeeper-touched";

    private final SharedIndexInformer<Deployment> informer;

    /** Adds an index; the informer must not have been started. */
    public InformedDeployments(SharedIndexInformer<Deployment> informer) {
        this.informer = informer;
        informer.addIndexers(Map.of(
                TOUCHED, deployment -> FreshDeployments.touch(deployment).isEmpty() ? List.of() : List.of(TOUCHED)));
    }

    /** Every one that carries a touch. */
    public List<Deployment> touched() {
        return informer.getIndexer().byIndex(TOUCHED, TOUCHED);
    }

    /** One of them; null where it is not there, or another one has taken its name. */
    public @Nullable Deployment find(String namespace, String name, String uid) {
        Deployment found = informer.getIndexer().getByKey(namespace + "/" + name);
        return found != null && uid.equals(found.getMetadata().getUid()) ? found : null;
    }
}
