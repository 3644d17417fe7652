package io.gracekeeper.cli.command;

/** What a command ends with. */
public final class ExitCodes {
    /** Nothing is wrong. */
    public static final int CLEAN = 0;

    /** At least one workload breaks a policy, or a case of {@code test} fails. */
    public static final int VIOLATIONS = 1;

    /** The command line is wrong, or the cluster can't be asked. */
    public static final int USAGE = 2;

    /** At least one input could not be read; the others were judged. Wins over violations. */
    public static final int UNREADABLE = 3;

    /** A mistake of ours. */
    public static final int INTERNAL = 70;

    private ExitCodes() {}
}
