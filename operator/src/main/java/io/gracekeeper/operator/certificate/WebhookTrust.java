package io.gracekeeper.operator.certificate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whom the API server trusts when it calls the webhook: the {@code caBundle} of every entry of both configurations. */
final class WebhookTrust {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookTrust.class);
    private static final PatchContext JSON_PATCH = new PatchContext.Builder()
            .withPatchType(PatchType.JSON)
            .withFieldManager("gracekeeper")
            .build();

    private final KubernetesClient client;
    private final String name;

    WebhookTrust(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Whether both configurations are there and every entry of them trusts the authority. */
    boolean isTrusted(X509Certificate authority) {
        MutatingWebhookConfiguration mutating = mutating().get();
        ValidatingWebhookConfiguration validating = validating().get();
        return mutating != null
                && validating != null
                && clients(mutating).stream().allMatch(entry -> trusts(entry, authority))
                && clients(validating).stream().allMatch(entry -> trusts(entry, authority));
    }

    private static boolean trusts(WebhookClientConfig entry, X509Certificate authority) {
        String encoded = entry.getCaBundle();
        if (encoded == null) {
            return false;
        }
        try {
            return Pem.certificates(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8))
                    .contains(authority);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** Has every entry trust these certificates and no others. A configuration that is missing is left alone. */
    void write(String pem) {
        String bundle = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
        MutatingWebhookConfiguration mutating = mutating().get();
        if (mutating != null) {
            write(mutating, clients(mutating), bundle, mutating());
        }
        ValidatingWebhookConfiguration validating = validating().get();
        if (validating != null) {
            write(validating, clients(validating), bundle, validating());
        }
    }

    private static <T extends HasMetadata> void write(
            T found, List<WebhookClientConfig> entries, String bundle, Resource<T> resource) {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < entries.size(); i++) {
            WebhookClientConfig entry = entries.get(i);
            if (!bundle.equals(entry.getCaBundle())) {
                patch.addObject()
                        .put("op", "add")
                        .put("path", "/webhooks/" + i + "/clientConfig/caBundle")
                        .put("value", bundle);
            }
        }
        if (patch.isEmpty()) {
            return;
        }
        // Entries have no key in a JSON patch, only a place: the precondition is that nobody moved them meanwhile.
        patch.insertObject(0)
                .put("op", "test")
                .put("path", "/metadata/resourceVersion")
                .put("value", found.getMetadata().getResourceVersion());
        resource.patch(JSON_PATCH, patch.toString());
        LOG.atInfo()
                .addKeyValue("kind", found.getKind())
                .addKeyValue("name", found.getMetadata().getName())
                .log("caBundle written");
    }

    private Resource<MutatingWebhookConfiguration> mutating() {
        return client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(name);
    }

    private Resource<ValidatingWebhookConfiguration> validating() {
        return client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(name);
    }

    private static List<WebhookClientConfig> clients(MutatingWebhookConfiguration configuration) {
        List<MutatingWebhook> webhooks = Objects.requireNonNullElse(configuration.getWebhooks(), List.of());
        return webhooks.stream().map(MutatingWebhook::getClientConfig).toList();
    }

    private static List<WebhookClientConfig> clients(ValidatingWebhookConfiguration configuration) {
        List<ValidatingWebhook> webhooks = Objects.requireNonNullElse(configuration.getWebhooks(), List.of());
        return webhooks.stream().map(ValidatingWebhook::getClientConfig).toList();
    }
}
