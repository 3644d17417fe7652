package io.gracekeeper.operator.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the certificates have to be now. Pure but for the keys that it has drawn.
 *
 * <p>A new authority comes with overlap: first the API server is told to trust both, and only when that has been so for
 * {@link #SETTLE} is a serving certificate signed by the new one. The old one stays trusted until every certificate that it can
 * have signed has expired.
 *
 * @param authority signs
 * @param serving what the webhook serves with
 * @param trusted what the API server is to trust, the authority first
 * @param changes what was issued, and why, one line each; empty where all stays as it is
 */
record CertificatePlan(
        KeyedCertificate authority, KeyedCertificate serving, List<X509Certificate> trusted, List<String> changes) {
    /** How long the API servers get to hear of a new authority before anybody serves with it. */
    static final Duration SETTLE = Duration.ofSeconds(10);

    CertificatePlan {
        trusted = List.copyOf(trusted);
        changes = List.copyOf(changes);
    }

    /**
     * What was found.
     *
     * @param authority null where there is none that can be used
     * @param serving null where there is none that can be used
     * @param trusted what was trusted so far
     * @param authorityTrustedSince since when the API server has been told to trust {@code authority}; null if it has not
     */
    record Found(
            @Nullable KeyedCertificate authority,
            @Nullable KeyedCertificate serving,
            List<X509Certificate> trusted,
            @Nullable Instant authorityTrustedSince) {}

    static CertificatePlan of(Found found, Set<String> dnsNames, Instant now, CertificateIssuer issuer) {
        List<String> changes = new ArrayList<>();
        KeyedCertificate authority = found.authority();
        boolean renewed = false;
        String reason = reasonForAuthority(authority, now);
        if (authority == null || reason != null) {
            authority = issuer.authority(now);
            renewed = true;
            changes.add("new certificate authority: " + reason);
        }
        List<X509Certificate> trusted = trusted(authority, found.trusted(), now);
        Instant since = renewed ? null : found.authorityTrustedSince();
        Supplier<Boolean> settled = () -> since != null && !now.isBefore(since.plus(SETTLE));
        KeyedCertificate serving = found.serving();
        String servingReason = reasonForServing(serving, authority, dnsNames, now);
        if (serving == null || (servingReason != null && (!usable(serving, trusted, dnsNames, now) || settled.get()))) {
            serving = issuer.serving(authority, dnsNames, now);
            changes.add("new serving certificate: " + servingReason);
        }
        return new CertificatePlan(authority, serving, trusted, changes);
    }

    private static @Nullable String reasonForAuthority(@Nullable KeyedCertificate authority, Instant now) {
        if (authority == null) {
            return "there is none that can be used";
        }
        if (!authority.isValidAt(now)) {
            return "the old one is not valid now";
        }
        return now.isBefore(authority.renewAt()) ? null : "two thirds of the old one's life are over";
    }

    private static @Nullable String reasonForServing(
            @Nullable KeyedCertificate serving, KeyedCertificate authority, Set<String> dnsNames, Instant now) {
        if (serving == null) {
            return "there is none that can be used";
        }
        if (!serving.isFor(dnsNames)) {
            return "the old one is for other names";
        }
        if (!serving.isValidAt(now)) {
            return "the old one is not valid now";
        }
        if (!serving.isSignedBy(authority)) {
            return "the old one is signed by another authority";
        }
        return now.isBefore(serving.renewAt()) ? null : "two thirds of the old one's life are over";
    }

    /** Whether the API server accepts it for now, so that there is time to do it in order. */
    private static boolean usable(
            KeyedCertificate serving, List<X509Certificate> trusted, Set<String> dnsNames, Instant now) {
        return serving.isValidAt(now)
                && serving.isFor(dnsNames)
                && trusted.stream()
                        .anyMatch(authority -> serving.isSignedBy(new KeyedCertificate(serving.key(), authority)));
    }

    /** An old authority can have signed nothing after the new one came, and what it signed lives so long at most. */
    private static List<X509Certificate> trusted(
            KeyedCertificate authority, List<X509Certificate> before, Instant now) {
        List<X509Certificate> trusted = new ArrayList<>(List.of(authority.certificate()));
        boolean overlap = now.isBefore(authority.notBefore().plus(CertificateIssuer.SERVING_LIFE));
        for (X509Certificate old : before) {
            boolean alive = now.isBefore(old.getNotAfter().toInstant());
            if (overlap && alive && old.getBasicConstraints() >= 0 && !trusted.contains(old)) {
                trusted.add(old);
            }
        }
        return trusted;
    }
}
