package io.gracekeeper.crds;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** How the old pods of one rollout ended: one object per workload and revision, for instance {@code deploy-checkout-8}. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("RolloutAudit")
@Plural("rolloutaudits")
@Singular("rolloutaudit")
@ShortNames("ra")
public class RolloutAudit extends CustomResource<RolloutAuditSpec, RolloutAuditStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
