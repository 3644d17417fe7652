package io.gracekeeper.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
    private final KeyedCertificate authority = new CertificateIssuer().authority(Instant.now());
    private final KeyedCertificate other = new CertificateIssuer().authority(Instant.now());

    @Test
    @DisplayName("what is written can be read, in order")
    void roundTrip() {
        String text = Pem.of(List.of(authority.certificate(), other.certificate()));
        assertThat(Pem.certificates(text)).containsExactly(authority.certificate(), other.certificate());
        assertThat(Pem.keyed(text, Pem.of(authority.key()))).isEqualTo(authority);
    }

    @Test
    @DisplayName("a key of another certificate is no key")
    void mismatch() {
        assertThat(Pem.keyed(Pem.of(List.of(authority.certificate())), Pem.of(other.key())))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nMII",
                "-----BEGIN PRIVATE KEY-----\n====\n-----END PRIVATE KEY-----\n"
            })
    @DisplayName("garbage is nothing, and no exception")
    void garbage(String text) {
        assertThat(Pem.certificates(text)).isEmpty();
        assertThat(Pem.keyed(text, text)).isNull();
        assertThat(Pem.keyed(Pem.of(List.of(authority.certificate())), text)).isNull();
    }

    @Test
    @DisplayName("a certificate's text never shows the key")
    void secret() {
        assertThat(authority.toString()).doesNotContain("PrivateKey").startsWith("certificate ");
    }
}
