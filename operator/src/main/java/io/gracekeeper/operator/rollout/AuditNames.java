package io.gracekeeper.operator.rollout;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of audits: {@code deploy-<name>-<revision>}, so that a pipeline knows the name before the object exists. */
final class AuditNames {
    /** The most characters that the name of an object may have (RFC 1123 subdomain). */
    static final int MAX_LENGTH = 253;

    private static final String PREFIX = "deploy-";
    private static final int HASH_CHARS = 10;

    private AuditNames() {}

    /** The name for a Deployment's revision; a name that is too long is cut, and a hash of it tells it from others. */
    static String of(String deployment, long revision) {
        String suffix = "-" + revision;
        int room = MAX_LENGTH - PREFIX.length() - suffix.length();
        if (deployment.length() <= room) {
            return PREFIX + deployment + suffix;
        }
        String hash = sha256(deployment).substring(0, HASH_CHARS);
        String cut = deployment.substring(0, room - HASH_CHARS - 1).replaceAll("[^a-z0-9]+$", "");
        return PREFIX + cut + "-" + hash + suffix;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
