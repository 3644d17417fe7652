package io.gracekeeper.crds;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** The platform's baseline: a policy for every namespace that its {@code namespaceSelector} selects. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("ClusterGracefulShutdownPolicy")
@Plural("clustergracefulshutdownpolicies")
@Singular("clustergracefulshutdownpolicy")
@ShortNames("cgsp")
public class ClusterGracefulShutdownPolicy
        extends CustomResource<ClusterGracefulShutdownPolicySpec, GracefulShutdownPolicyStatus> {
    private static final long serialVersionUID = 1L;
}
