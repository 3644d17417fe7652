package io.gracekeeper.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The certificates")
class CertificatePlanTest {
    private static final String NAME = "gracekeeper-webhook.gracekeeper-system.svc";
    private static final Set<String> NAMES = Set.of(NAME, "gracekeeper-webhook.gracekeeper-system");
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private final CertificateIssuer issuer = new CertificateIssuer();

    @Test
    @DisplayName(
            "of a fresh install serve TLS under the Service's name, to whoever trusts the bundle, and to nobody else")
    void handshake() throws Exception {
        CertificatePlan plan = plan(null, null, List.of(), null, NOW);
        assertThat(plan.changes()).hasSize(2);
        assertThat(plan.trusted()).containsExactly(plan.authority().certificate());
        assertThatCode(() -> TlsHandshake.attempt(plan.serving(), plan.trusted(), NAME))
                .doesNotThrowAnyException();
        X509Certificate stranger = issuer.authority(NOW).certificate();
        assertThatThrownBy(() -> TlsHandshake.attempt(plan.serving(), List.of(stranger), NAME))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> TlsHandshake.attempt(plan.serving(), plan.trusted(), "other.svc"))
                .isInstanceOf(SSLException.class);
    }

    @Test
    @DisplayName("live ten years and ninety days, by EC P-256")
    void lives() {
        CertificatePlan plan = plan(null, null, List.of(), null, NOW);
        assertThat(plan.authority().notAfter()).isEqualTo(NOW.plus(Duration.ofDays(3650)));
        assertThat(plan.serving().notAfter()).isEqualTo(NOW.plus(Duration.ofDays(90)));
        assertThat(plan.serving().certificate().getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(plan.serving().certificate().getSigAlgName()).isEqualTo("SHA256withECDSA");
    }

    @Test
    @DisplayName("stay as they are while nothing is due")
    void stable() {
        CertificatePlan first = plan(null, null, List.of(), null, NOW);
        CertificatePlan second = again(first, NOW.plus(Duration.ofDays(59)));
        assertThat(second.changes()).isEmpty();
        assertThat(second.authority()).isEqualTo(first.authority());
        assertThat(second.serving()).isEqualTo(first.serving());
        assertThat(second.trusted()).isEqualTo(first.trusted());
    }

    @Test
    @DisplayName("of the webhook are renewed when two thirds of their life are over, by the same authority")
    void renewed() {
        CertificatePlan first = plan(null, null, List.of(), null, NOW);
        CertificatePlan second = again(first, NOW.plus(Duration.ofDays(61)));
        assertThat(second.changes())
                .containsExactly("new serving certificate: two thirds of the old one's life are over");
        assertThat(second.authority()).isEqualTo(first.authority());
        assertThat(second.serving().isSignedBy(first.authority())).isTrue();
    }

    @Test
    @DisplayName("are issued at once where they are for other names, even if the bundle is not published")
    void otherNames() {
        CertificatePlan first = plan(null, null, List.of(), null, NOW);
        var found = new CertificatePlan.Found(first.authority(), first.serving(), first.trusted(), null);
        CertificatePlan second = CertificatePlan.of(found, Set.of("moved.elsewhere.svc"), NOW, issuer);
        assertThat(second.changes()).containsExactly("new serving certificate: the old one is for other names");
    }

    @Test
    @DisplayName(
            "rotate with overlap: both authorities are trusted first, then the new one signs, then the old one goes")
    void overlap() throws Exception {
        CertificatePlan old = plan(null, null, List.of(), null, NOW);
        Instant due = NOW.plus(Duration.ofDays(3650L * 2 / 3 + 1));
        KeyedCertificate serving = issuer.serving(old.authority(), NAMES, due.minus(Duration.ofDays(10)));

        CertificatePlan announced = plan(old.authority(), serving, old.trusted(), NOW, due);
        assertThat(announced.authority()).isNotEqualTo(old.authority());
        assertThat(announced.serving()).as("still the old one").isEqualTo(serving);
        assertThat(announced.trusted())
                .containsExactly(
                        announced.authority().certificate(), old.authority().certificate());

        CertificatePlan early =
                plan(announced.authority(), serving, announced.trusted(), due, due.plus(Duration.ofSeconds(9)));
        assertThat(early.serving()).as("the API servers may not have heard yet").isEqualTo(serving);

        Instant settled = due.plus(CertificatePlan.SETTLE);
        CertificatePlan switched = plan(announced.authority(), serving, announced.trusted(), due, settled);
        assertThat(switched.serving().isSignedBy(announced.authority())).isTrue();
        assertThat(switched.trusted())
                .as("old certificates may still be served somewhere")
                .hasSize(2);

        CertificatePlan later = plan(
                switched.authority(),
                switched.serving(),
                switched.trusted(),
                due,
                due.plus(CertificateIssuer.SERVING_LIFE).plusSeconds(1));
        assertThat(later.trusted()).containsExactly(switched.authority().certificate());
    }

    @Test
    @DisplayName("keep being trusted by what they replace: an authority whose key is lost stays in the bundle")
    void lostKey() {
        CertificatePlan old = plan(null, null, List.of(), null, NOW);
        CertificatePlan replaced = plan(null, old.serving(), old.trusted(), null, NOW.plusSeconds(1));
        assertThat(replaced.authority()).isNotEqualTo(old.authority());
        assertThat(replaced.serving()).isEqualTo(old.serving());
        assertThat(replaced.trusted()).contains(old.authority().certificate());
    }

    @Test
    @DisplayName("that have expired are replaced at once")
    void expired() {
        CertificatePlan old = plan(null, null, List.of(), null, NOW);
        CertificatePlan late =
                plan(old.authority(), old.serving(), old.trusted(), null, NOW.plus(Duration.ofDays(100)));
        assertThat(late.changes()).containsExactly("new serving certificate: the old one is not valid now");
    }

    private CertificatePlan again(CertificatePlan before, Instant now) {
        return plan(before.authority(), before.serving(), before.trusted(), NOW, now);
    }

    private CertificatePlan plan(
            KeyedCertificate authority,
            KeyedCertificate serving,
            List<X509Certificate> trusted,
            Instant trustedSince,
            Instant now) {
        return CertificatePlan.of(
                new CertificatePlan.Found(authority, serving, trusted, trustedSince), NAMES, now, issuer);
    }
}
