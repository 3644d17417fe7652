package io.gracekeeper.operator.certificate;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * A certificate and the private key that belongs to it.
 *
 * @param key never logged
 */
record KeyedCertificate(PrivateKey key, X509Certificate certificate) {
    private static final int DNS_NAME = 2;

    Instant notBefore() {
        return certificate.getNotBefore().toInstant();
    }

    Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }

    /** When two thirds of its life are over: late enough to be rare, early enough for a month of failing renewals. */
    Instant renewAt() {
        return notBefore()
                .plus(Duration.between(notBefore(), notAfter()).dividedBy(3).multipliedBy(2));
    }

    boolean isValidAt(Instant now) {
        return !now.isBefore(notBefore()) && now.isBefore(notAfter());
    }

    /** Whether the authority signed it. */
    boolean isSignedBy(KeyedCertificate authority) {
        try {
            certificate.verify(authority.certificate().getPublicKey());
            return certificate
                    .getIssuerX500Principal()
                    .equals(authority.certificate().getSubjectX500Principal());
        } catch (GeneralSecurityException notSigned) {
            return false;
        }
    }

    /** Whether clients that ask for one of these names, and no others, are served. */
    boolean isFor(Set<String> dnsNames) {
        try {
            Set<String> names = new TreeSet<>();
            Collection<java.util.List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (java.util.List<?> name : alternatives) {
                    if (name.get(0).equals(DNS_NAME)) {
                        names.add(String.valueOf(name.get(1)));
                    }
                }
            }
            return names.equals(new TreeSet<>(dnsNames));
        } catch (GeneralSecurityException unreadable) {
            return false;
        }
    }

    /** The certificate alone: a record's own text would print the key. */
    @Override
    public String toString() {
        return "certificate " + certificate.getSerialNumber().toString(16) + " until " + notAfter();
    }
}
