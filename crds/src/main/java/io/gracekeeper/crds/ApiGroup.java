package io.gracekeeper.crds;

/** The group and version that every kind of this API belongs to. */
public final class ApiGroup {
    /** The API group. */
    public static final String NAME = "gracekeeper.io";

    /** The one version that is served and stored. */
    public static final String VERSION = "v1alpha1";

    private ApiGroup() {}
}
