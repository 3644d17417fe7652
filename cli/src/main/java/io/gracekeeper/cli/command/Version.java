package io.gracekeeper.cli.command;

/** Which version this is. */
final class Version {
    private Version() {}

    /** The version of the jar; {@code development} where it runs from classes. */
    static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
