package io.gracekeeper.operator.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates: EC P-256, by Bouncy Castle on the JDK's own providers. */
final class CertificateIssuer {
    /** How long an authority lives. */
    static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

    /** How long a serving certificate lives. */
    static final Duration SERVING_LIFE = Duration.ofDays(90);

    /** Clocks of nodes differ; a certificate of this second would be refused by a clock that is behind. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    private static final int SERIAL_BITS = 127;
    private static final int MAX_COMMON_NAME = 64;
    private static final String SIGNATURE = "SHA256withECDSA";

    private final SecureRandom random = new SecureRandom();

    /** A new authority that may sign serving certificates and no further authority. */
    KeyedCertificate authority(Instant now) {
        try {
            KeyPair pair = pair();
            // The serial number in the name: two authorities of one name would be tried for each other's certificates.
            BigInteger serial = serial();
            X500Name name = new X500Name("CN=gracekeeper-ca " + serial.toString(16));
            var builder = new JcaX509v3CertificateBuilder(
                    name, serial, notBefore(now), notAfter(now, AUTHORITY_LIFE), name, pair.getPublic());
            var extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            extensions.createSubjectKeyIdentifier(pair.getPublic()));
            return sign(builder, pair, pair.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("every JDK has what an EC authority needs", e);
        }
    }

    /** A serving certificate for these names, signed by the authority. */
    KeyedCertificate serving(KeyedCertificate authority, Set<String> dnsNames, Instant now) {
        try {
            KeyPair pair = pair();
            String shortest = dnsNames.stream()
                    .filter(name -> name.length() <= MAX_COMMON_NAME)
                    .max((a, b) -> Integer.compare(a.length(), b.length()))
                    .orElse("gracekeeper-webhook");
            var builder = new JcaX509v3CertificateBuilder(
                    authority.certificate(),
                    serial(),
                    notBefore(now),
                    notAfter(now, SERVING_LIFE),
                    new X500Name("CN=" + shortest),
                    pair.getPublic());
            GeneralName[] names = dnsNames.stream()
                    .sorted()
                    .map(name -> new GeneralName(GeneralName.dNSName, name))
                    .toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.certificate()));
            return sign(builder, pair, authority.key());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("every JDK has what an EC certificate needs", e);
        }
    }

    private static KeyedCertificate sign(JcaX509v3CertificateBuilder builder, KeyPair pair, PrivateKey signer)
            throws GeneralSecurityException, OperatorCreationException {
        var holder = builder.build(new JcaContentSignerBuilder(SIGNATURE).build(signer));
        return new KeyedCertificate(pair.getPrivate(), new JcaX509CertificateConverter().getCertificate(holder));
    }

    private KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private BigInteger serial() {
        return new BigInteger(SERIAL_BITS, random).setBit(0);
    }

    private static Date notBefore(Instant now) {
        return Date.from(now.minus(BACKDATED));
    }

    private static Date notAfter(Instant now, Duration life) {
        return Date.from(now.plus(life));
    }
}
