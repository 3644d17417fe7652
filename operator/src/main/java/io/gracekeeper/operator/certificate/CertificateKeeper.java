package io.gracekeeper.operator.certificate;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.gracekeeper.operator.leader.LeaderLoop;
import io.gracekeeper.runtime.Configuration;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the two Secrets and the {@code caBundle} of both webhook configurations as they have to be, while this process leads. What
 * somebody breaks is put right again: soon, since all four objects are watched, and at the latest after {@link #INTERVAL}.
 */
public final class CertificateKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateKeeper.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final CertificateSecrets secrets;
    private final WebhookTrust trust;
    private final Set<String> dnsNames;
    private final Clock clock;
    private final CertificateIssuer issuer = new CertificateIssuer();
    private final LeaderLoop loop = new LeaderLoop("certificates", this::pass);
    private final List<SharedIndexInformer<?>> watches = new ArrayList<>();
    private final KubernetesClient client;
    private final Configuration configuration;
    private final AtomicReference<@Nullable CertificatePlan> current = new AtomicReference<>();
    private @Nullable X509Certificate trustedAuthority;
    private @Nullable Instant trustedSince;

    /** A keeper that does nothing until it is started. */
    public CertificateKeeper(KubernetesClient client, Configuration configuration, Clock clock, MeterRegistry meters) {
        this.client = client;
        this.configuration = configuration;
        this.clock = clock;
        this.secrets = new CertificateSecrets(
                client, configuration.namespace(), configuration.caSecret(), configuration.tlsSecret());
        this.trust = new WebhookTrust(client, configuration.webhookConfiguration());
        String service = configuration.webhookService() + "." + configuration.namespace();
        this.dnsNames = Set.of(service, service + ".svc", service + ".svc.cluster.local");
        expiry(meters, "ca", plan -> plan.authority().notAfter());
        expiry(meters, "serving", plan -> plan.serving().notAfter());
    }

    private void expiry(
            MeterRegistry meters, String which, java.util.function.Function<CertificatePlan, Instant> notAfter) {
        Gauge.builder("gracekeeper.certificate.expiry", () -> {
                    CertificatePlan plan = current.get();
                    return plan == null
                            ? Double.NaN
                            : Duration.between(clock.instant(), notAfter.apply(plan))
                                    .toSeconds();
                })
                .description("Seconds until a certificate of ours expires; NaN on an operator that does not lead")
                .baseUnit("seconds")
                .tag("certificate", which)
                .register(meters);
    }

    /** Starts keeping: to be called when this process starts to lead. Returns at once. */
    public void start() {
        loop.start();
        String name = configuration.webhookConfiguration();
        watch(client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(name)
                .runnableInformer(0));
        watch(client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(name)
                .runnableInformer(0));
        for (String secret : List.of(configuration.caSecret(), configuration.tlsSecret())) {
            watch(client.secrets()
                    .inNamespace(configuration.namespace())
                    .withName(secret)
                    .runnableInformer(0));
        }
    }

    private <T extends HasMetadata> void watch(SharedIndexInformer<T> informer) {
        informer.exceptionHandler((started, failure) -> true);
        informer.addEventHandler(new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T object) {
                loop.wake();
            }

            @Override
            public void onUpdate(T before, T after) {
                loop.wake();
            }

            @Override
            public void onDelete(T object, boolean finalStateUnknown) {
                loop.wake();
            }
        });
        synchronized (watches) {
            watches.add(informer);
        }
        informer.start();
    }

    /** Stops, after the pass that is under way. */
    @Override
    public void close() {
        loop.stop();
        synchronized (watches) {
            watches.forEach(SharedIndexInformer::stop);
        }
    }

    private Duration pass() {
        Instant now = clock.instant();
        CertificateSecrets.Stored stored = secrets.read();
        CertificatePlan plan = CertificatePlan.of(
                new CertificatePlan.Found(
                        stored.authority(), stored.serving(), stored.trusted(), trustedSince(stored.authority(), now)),
                dnsNames,
                now,
                issuer);
        stored.complaints().forEach(complaint -> LOG.atWarn().log("{}, and is replaced", complaint));
        plan.changes().forEach(change -> LOG.atInfo().log("Issued a {}", change));
        // In this order: an authority that nobody remembers can't have signed anything, and nobody serves with what is
        // not
        // stored.
        secrets.write(stored, plan);
        trust.write(Pem.of(plan.trusted()));
        current.set(plan);
        boolean rotating = !plan.serving().isSignedBy(plan.authority());
        return rotating ? CertificatePlan.SETTLE.plusSeconds(1) : INTERVAL;
    }

    /** Since when both configurations were seen, without a break, to name this authority. */
    private @Nullable Instant trustedSince(@Nullable KeyedCertificate authority, Instant now) {
        if (authority == null || !trust.isTrusted(authority.certificate())) {
            trustedAuthority = null;
            trustedSince = null;
        } else if (!authority.certificate().equals(trustedAuthority)) {
            trustedAuthority = authority.certificate();
            trustedSince = now;
        }
        return trustedSince;
    }
}
