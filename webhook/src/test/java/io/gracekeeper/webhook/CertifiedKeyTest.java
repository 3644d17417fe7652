package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A serving pair")
class CertifiedKeyTest {
    private final TestCertificates authority = new TestCertificates();
    private final TestCertificates.Pem pem = authority.serving();

    @ParameterizedTest
    @DisplayName("is read from PEM, whatever its algorithm")
    @ValueSource(strings = {"EC", "RSA"})
    void reads(String algorithm) {
        var other = authority.serving(algorithm, Duration.ofDays(1));

        assertThat(other.parsed().certificate().getSerialNumber()).isEqualTo(other.serial());
        assertThat(other.parsed().key().getAlgorithm()).isEqualTo(algorithm);
    }

    @Test
    @DisplayName("is refused where key and certificate don't belong together, and the words hold no key")
    void refusesStrangers() {
        var other = authority.serving();

        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> parse(pem.certificate(), other.key()))
                .withMessage("tls.key doesn't belong to tls.crt");
    }

    @Test
    @DisplayName("is refused where a part is missing or broken")
    void refusesBroken() {
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> parse("", pem.key()))
                .withMessage("tls.crt holds no certificate");
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> parse(pem.certificate().substring(0, 200), pem.key()));
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> parse(pem.certificate(), pem.key().substring(0, 60)))
                .withMessageContaining("PKCS#8");
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> parse(pem.certificate(), "-----BEGIN EC PRIVATE KEY-----\nAAAA"))
                .withMessageContaining("it must start with -----BEGIN PRIVATE KEY-----");
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() ->
                        parse(pem.certificate(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
    }

    private static void parse(String certificate, String key) throws GeneralSecurityException {
        CertifiedKey.parse(certificate.getBytes(StandardCharsets.US_ASCII), key.getBytes(StandardCharsets.US_ASCII));
    }
}
