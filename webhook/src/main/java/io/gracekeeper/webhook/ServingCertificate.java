package io.gracekeeper.webhook;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the server shows, as the Secret has it. Watched by its one name, so that a rotation is in use at once and
 * no other Secret is ever read. What can't be used (half written, no match, deleted) changes nothing: the pair before stays.
 */
final class ServingCertificate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);

    private final ReloadingKeyManager keys;
    private final SharedIndexInformer<Secret> informer;
    private final Clock clock;

    /**
     * One that isn't started yet.
     *
     * @param keys gets every pair that can be used
     */
    ServingCertificate(
            KubernetesClient client, String namespace, String secret, ReloadingKeyManager keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
        this.informer = client.secrets().inNamespace(namespace).withName(secret).runnableInformer(0);
        informer.exceptionHandler((started, failure) -> {
            LOG.atWarn().addKeyValue("reason", failure).log("Serving certificate can't be watched; trying again");
            return true;
        });
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Secret added) {
                load(added);
            }

            @Override
            public void onUpdate(Secret before, Secret after) {
                load(after);
            }

            @Override
            public void onDelete(Secret deleted, boolean finalStateUnknown) {
                LOG.warn("The Secret of the serving certificate is gone; the certificate stays in use");
            }
        });
    }

    /** Starts watching, and returns at once. */
    void start() {
        informer.start();
    }

    /** Whether there is a certificate that hasn't ended. */
    boolean isUsable() {
        CertifiedKey pair = keys.current();
        return pair != null
                && clock.instant().isBefore(pair.certificate().getNotAfter().toInstant());
    }

    /** When it ends, in seconds since 1970; 0 while there is none. */
    long endEpochSeconds() {
        CertifiedKey pair = keys.current();
        return pair == null ? 0 : pair.certificate().getNotAfter().toInstant().getEpochSecond();
    }

    @Override
    public void close() {
        informer.stop();
    }

    private void load(Secret secret) {
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        try {
            CertifiedKey pair = CertifiedKey.parse(decode(data, "tls.crt"), decode(data, "tls.key"));
            keys.use(pair);
            LOG.atInfo()
                    .addKeyValue("serial", pair.certificate().getSerialNumber().toString(16))
                    .addKeyValue("notAfter", pair.certificate().getNotAfter().toInstant())
                    .log("Serving certificate in use");
        } catch (GeneralSecurityException e) {
            LOG.atWarn()
                    .addKeyValue("secret", secret.getMetadata().getName())
                    .addKeyValue("reason", e.getMessage())
                    .log("Serving certificate can't be used; nothing changes");
        }
    }

    private static byte[] decode(Map<String, String> data, String key) throws GeneralSecurityException {
        String value = data.get(key);
        if (value == null || value.isEmpty()) {
            throw new GeneralSecurityException("the Secret has no " + key);
        }
        try {
            return Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException(key + " is not base64", e);
        }
    }
}
