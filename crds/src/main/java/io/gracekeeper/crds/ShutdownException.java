package io.gracekeeper.crds;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** Who is let off, from which rule, why, and until when. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("ShutdownException")
@Plural("shutdownexceptions")
@Singular("shutdownexception")
@ShortNames("se")
public class ShutdownException extends CustomResource<ShutdownExceptionSpec, ShutdownExceptionStatus>
        implements Namespaced {
    private static final long serialVersionUID = 1L;
}
