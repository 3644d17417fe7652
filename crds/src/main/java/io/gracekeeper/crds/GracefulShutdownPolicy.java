package io.gracekeeper.crds;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** What graceful shutdown means for the Deployments of one namespace: requirements, validation, injection and audit. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("GracefulShutdownPolicy")
@Plural("gracefulshutdownpolicies")
@Singular("gracefulshutdownpolicy")
@ShortNames("gsp")
public class GracefulShutdownPolicy extends CustomResource<GracefulShutdownPolicySpec, GracefulShutdownPolicyStatus>
        implements Namespaced {
    private static final long serialVersionUID = 1L;
}
