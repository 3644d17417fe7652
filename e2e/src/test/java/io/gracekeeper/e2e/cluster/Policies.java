package io.gracekeeper.e2e.cluster;

/** What platform engineers write. */
final class Policies {
    private Policies() {}

    static String policy(String spec) {
        return """
                apiVersion: gracekeeper.io/v1alpha1
                kind: GracefulShutdownPolicy
                metadata: {name: web}
                spec: %s
                """.formatted(spec);
    }

    /** Requires nothing, so it only audits. */
    static String auditOnly() {
        return policy("{}");
    }

    /** Asks for 2 s of draining, 5 s of shutdown and 1 s to spare: a grace of 8 for what serves, of 6 for what does not. */
    static String demanding(String rest) {
        return policy("{requirements: {drainDelaySeconds: 2, shutdownSeconds: 5, marginSeconds: 1}, " + rest + "}");
    }
}
