package io.gracekeeper.webhook;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * A private key and the certificates that go with it, the server's own first.
 *
 * @param key the private key
 * @param chain at least one certificate
 */
record CertifiedKey(PrivateKey key, List<X509Certificate> chain) {
    private static final String KEY_HEADER = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_FOOTER = "-----END PRIVATE KEY-----";
    private static final byte[] PROBE = "gracekeeper".getBytes(StandardCharsets.US_ASCII);

    CertifiedKey {
        chain = List.copyOf(chain);
    }

    /**
     * Reads PEM.
     *
     * @param certificates one or more certificates
     * @param key a private key in the form of PKCS#8
     * @throws GeneralSecurityException if one of them can't be read, or if they don't belong together, which is what a Secret
     *     that was written in two steps looks like in between. Its message never holds the key
     */
    static CertifiedKey parse(byte[] certificates, byte[] key) throws GeneralSecurityException {
        List<X509Certificate> chain =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(certificates))
                        .stream()
                        .map(X509Certificate.class::cast)
                        .toList();
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("tls.crt holds no certificate");
        }
        String algorithm = chain.getFirst().getPublicKey().getAlgorithm();
        PrivateKey privateKey = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der(key)));
        var pair = new CertifiedKey(privateKey, chain);
        pair.requireThatTheyMatch(algorithm);
        return pair;
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    private static byte[] der(byte[] pem) throws GeneralSecurityException {
        String text = new String(pem, StandardCharsets.US_ASCII);
        int start = text.indexOf(KEY_HEADER);
        int end = text.indexOf(KEY_FOOTER);
        if (start < 0 || end < start) {
            throw new GeneralSecurityException("tls.key is not a PKCS#8 key: it must start with " + KEY_HEADER);
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(start + KEY_HEADER.length(), end));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("tls.key is not base64", e);
        }
    }

    private void requireThatTheyMatch(String algorithm) throws GeneralSecurityException {
        var signature = Signature.getInstance(
                switch (algorithm) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> algorithm;
                });
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate());
        signature.update(PROBE);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("tls.key doesn't belong to tls.crt");
        }
    }
}
