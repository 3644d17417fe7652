package io.gracekeeper.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.gracekeeper.operator.apiserver.FakeApiServer;
import io.gracekeeper.runtime.Configuration;
import io.gracekeeper.runtime.ProcessKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The keeper of the certificates")
class CertificateKeeperTest {
    private final FakeApiServer api = new FakeApiServer();
    private final Configuration configuration = Configuration.from(Map.of(), ProcessKind.OPERATOR);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CertificateKeeper keeper =
            new CertificateKeeper(api.client(), configuration, Clock.systemUTC(), meters);

    @AfterEach
    void stop() {
        keeper.close();
        api.close();
    }

    @Test
    @DisplayName("makes both Secrets and writes the bundle into every entry of both configurations")
    void install() throws Exception {
        createConfigurations();
        keeper.start();
        await().untilAsserted(() -> assertThat(bundles()).hasSize(3).doesNotContainNull());
        KeyedCertificate serving =
                Pem.keyed(text("gracekeeper-webhook-tls", "tls.crt"), text("gracekeeper-webhook-tls", "tls.key"));
        assertThat(serving).isNotNull();
        assertThat(bundles()).containsOnly(text("gracekeeper-webhook-tls", "ca.crt"));
        TlsHandshake.attempt(serving, Pem.certificates(bundles().get(0)), "gracekeeper-webhook.gracekeeper-system.svc");
        assertThat(secret("gracekeeper-ca").getData()).containsOnlyKeys("tls.crt", "tls.key");
        assertThat(meters.get("gracekeeper.certificate.expiry")
                        .tag("certificate", "serving")
                        .gauge()
                        .value())
                .isBetween(89.0 * 86_400, 90.0 * 86_400);
    }

    @Test
    @DisplayName("puts a bundle back that somebody removed, at once")
    void heals() {
        createConfigurations();
        keeper.start();
        await().untilAsserted(() -> assertThat(bundles()).hasSize(3).doesNotContainNull());
        String bundle = bundles().get(0);
        api.client()
                .admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName("gracekeeper")
                .edit(found -> {
                    found.getWebhooks().get(1).getClientConfig().setCaBundle(null);
                    return found;
                });
        await().untilAsserted(() -> assertThat(bundles()).hasSize(3).containsOnly(bundle));
    }

    @Test
    @DisplayName("replaces garbage in the Secrets, and keeps the type that somebody gave them")
    void garbage() {
        createConfigurations();
        for (String name : List.of("gracekeeper-ca", "gracekeeper-webhook-tls")) {
            api.client()
                    .resource(new SecretBuilder()
                            .withNewMetadata()
                            .withNamespace("gracekeeper-system")
                            .withName(name)
                            .endMetadata()
                            .withType("Opaque")
                            .withData(Map.of("tls.crt", "Z2FyYmFnZQ==", "tls.key", "Z2FyYmFnZQ=="))
                            .build())
                    .create();
        }
        keeper.start();
        await().untilAsserted(() -> assertThat(Pem.keyed(
                        text("gracekeeper-webhook-tls", "tls.crt"), text("gracekeeper-webhook-tls", "tls.key")))
                .isNotNull());
        assertThat(secret("gracekeeper-ca").getType()).isEqualTo("Opaque");
        assertThat(Pem.keyed(text("gracekeeper-ca", "tls.crt"), text("gracekeeper-ca", "tls.key")))
                .isNotNull();
    }

    @Test
    @DisplayName("takes over what a predecessor made, without writing anything")
    void takesOver() {
        createConfigurations();
        keeper.start();
        await().untilAsserted(() -> assertThat(bundles()).hasSize(3).doesNotContainNull());
        keeper.close();
        int before = api.writes("secrets").size()
                + api.writes("webhookconfigurations").size();
        var successorMeters = new SimpleMeterRegistry();
        try (var successor = new CertificateKeeper(api.client(), configuration, Clock.systemUTC(), successorMeters)) {
            successor.start();
            await().until(() -> !Double.isNaN(successorMeters
                    .get("gracekeeper.certificate.expiry")
                    .tag("certificate", "ca")
                    .gauge()
                    .value()));
        }
        assertThat(api.writes("secrets").size()
                        + api.writes("webhookconfigurations").size())
                .isEqualTo(before);
    }

    private void createConfigurations() {
        api.client()
                .resource(new MutatingWebhookConfigurationBuilder()
                        .withNewMetadata()
                        .withName("gracekeeper")
                        .endMetadata()
                        .addNewWebhook()
                        .withName("mutate")
                        .withNewClientConfig()
                        .endClientConfig()
                        .endWebhook()
                        .build())
                .create();
        api.client()
                .resource(new ValidatingWebhookConfigurationBuilder()
                        .withNewMetadata()
                        .withName("gracekeeper")
                        .endMetadata()
                        .addNewWebhook()
                        .withName("workloads")
                        .withNewClientConfig()
                        .endClientConfig()
                        .endWebhook()
                        .addNewWebhook()
                        .withName("policies")
                        .withNewClientConfig()
                        .endClientConfig()
                        .endWebhook()
                        .build())
                .create();
    }

    private List<String> bundles() {
        var v1 = api.client().admissionRegistration().v1();
        return Stream.concat(
                        v1.mutatingWebhookConfigurations().withName("gracekeeper").get().getWebhooks().stream()
                                .map(webhook -> webhook.getClientConfig().getCaBundle()),
                        v1.validatingWebhookConfigurations().withName("gracekeeper").get().getWebhooks().stream()
                                .map(webhook -> webhook.getClientConfig().getCaBundle()))
                .map(bundle -> bundle == null ? null : decode(bundle))
                .toList();
    }

    private Secret secret(String name) {
        return api.client()
                .secrets()
                .inNamespace("gracekeeper-system")
                .withName(name)
                .get();
    }

    private String text(String name, String key) {
        return decode(Objects.requireNonNull(secret(name), name).getData().get(key));
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
