package io.gracekeeper.operator.certificate;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The two Secrets: the authority, which only the operator may read, and what the webhook serves with. */
final class CertificateSecrets {
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";
    private static final String TRUSTED = "ca.crt";
    private static final String TYPE = "kubernetes.io/tls";
    private static final String FIELD_MANAGER = "gracekeeper";

    private final KubernetesClient client;
    private final String namespace;
    private final String authorityName;
    private final String servingName;

    CertificateSecrets(KubernetesClient client, String namespace, String authorityName, String servingName) {
        this.client = client;
        this.namespace = namespace;
        this.authorityName = authorityName;
        this.servingName = servingName;
    }

    /**
     * What the Secrets hold.
     *
     * @param authority null where it is missing or can't be used
     * @param serving null where it is missing or can't be used
     * @param complaints about a Secret that is there and can't be used
     */
    record Stored(
            @Nullable Secret authoritySecret,
            @Nullable Secret servingSecret,
            @Nullable KeyedCertificate authority,
            @Nullable KeyedCertificate serving,
            List<X509Certificate> trusted,
            List<String> complaints) {}

    Stored read() {
        Secret authoritySecret = get(authorityName);
        Secret servingSecret = get(servingName);
        KeyedCertificate authority = keyed(authoritySecret);
        KeyedCertificate serving = keyed(servingSecret);
        if (authority != null && authority.certificate().getBasicConstraints() < 0) {
            authority = null; // A certificate, but not one that may sign others.
        }
        List<String> complaints = new ArrayList<>();
        complain(authoritySecret, authority, authorityName, complaints);
        complain(servingSecret, serving, servingName, complaints);
        List<X509Certificate> trusted = new ArrayList<>(Pem.certificates(text(servingSecret, TRUSTED)));
        if (authority != null && !trusted.contains(authority.certificate())) {
            trusted.add(authority.certificate());
        }
        return new Stored(authoritySecret, servingSecret, authority, serving, trusted, complaints);
    }

    private static void complain(
            @Nullable Secret secret, @Nullable KeyedCertificate content, String name, List<String> complaints) {
        if (secret != null && content == null) {
            complaints.add("Secret " + name + " holds no certificate with the key that belongs to it");
        }
    }

    void write(Stored stored, CertificatePlan plan) {
        write(
                stored.authoritySecret(),
                authorityName,
                Map.of(
                        CERTIFICATE, Pem.of(List.of(plan.authority().certificate())),
                        KEY, Pem.of(plan.authority().key())));
        write(
                stored.servingSecret(),
                servingName,
                Map.of(
                        CERTIFICATE, Pem.of(List.of(plan.serving().certificate())),
                        KEY, Pem.of(plan.serving().key()),
                        TRUSTED, Pem.of(plan.trusted())));
    }

    private void write(@Nullable Secret stored, String name, Map<String, String> texts) {
        Map<String, String> data = new TreeMap<>();
        texts.forEach((key, text) ->
                data.put(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        if (stored != null
                && data.entrySet().stream()
                        .allMatch(entry -> entry.getValue()
                                .equals(Objects.requireNonNullElse(stored.getData(), Map.of())
                                        .get(entry.getKey())))) {
            return;
        }
        // The type of a Secret can't be changed, so one that somebody made keeps its own.
        Secret wanted = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels("app.kubernetes.io/part-of", "gracekeeper")
                .endMetadata()
                .withType(stored == null ? TYPE : stored.getType())
                .withData(data)
                .build();
        client.secrets()
                .resource(wanted)
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    private @Nullable Secret get(String name) {
        return client.secrets().inNamespace(namespace).withName(name).get();
    }

    private static @Nullable KeyedCertificate keyed(@Nullable Secret secret) {
        return Pem.keyed(text(secret, CERTIFICATE), text(secret, KEY));
    }

    private static String text(@Nullable Secret secret, String key) {
        String encoded = secret == null || secret.getData() == null
                ? ""
                : Objects.requireNonNullElse(secret.getData().get(key), "");
        try {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }
}
