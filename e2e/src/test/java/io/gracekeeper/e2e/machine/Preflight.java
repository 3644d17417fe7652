package io.gracekeeper.e2e.machine;

import java.util.List;

/** Says, before minutes are spent, that this machine can't run the real cluster, in one line with how to get it. */
public final class Preflight {
    private Preflight() {}

    /** Ends with exit code 1 where something is missing. */
    public static void main(String[] arguments) {
        Command.Result doctor = ClusterTool.command(List.of("doctor")).run();
        if (doctor.succeeded()) {
            return;
        }
        String missing = String.join(
                "; ",
                doctor.out()
                        .lines()
                        .filter(line -> line.startsWith("missing"))
                        .map(line -> line.substring("missing".length()).strip())
                        .toList());
        System.err.println("The tests on a real cluster can't run here: "
                + (missing.isEmpty() ? doctor.err().strip() : missing)
                + ". Or leave them out: -DskipClusterTests");
        System.exit(1);
    }
}
