package io.gracekeeper.webhook;

import io.gracekeeper.policy.Decision.Passage;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.OriginReader.Owners;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.Revisions;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Bytes in, bytes out: decodes a review, asks whoever decides about its path, encodes the answer. The one place where an
 * unexpected exception ends: it becomes an answer that lets the object pass with a warning, as {@code failurePolicy: Ignore} would,
 * and a number that an alert can watch. What a user wrote is never answered by a 5xx.
 */
final class AdmissionReviewHandler implements ReviewAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(AdmissionReviewHandler.class);

    private final ReviewDecoder decoder = new ReviewDecoder();
    private final WorkloadReviews workloads;
    private final PolicyReviews policies;
    private final WebhookMetrics metrics;

    /** One that knows of no owners, revisions and workloads that are there. */
    AdmissionReviewHandler(PolicyEngine engine, EngineSettings limits, WebhookMetrics metrics) {
        this(
                new WorkloadReviews(engine, Owners.UNKNOWN, Revisions.NONE),
                new PolicyReviews(limits, PolicyForecast.SILENT, InstantSource.system()),
                metrics);
    }

    AdmissionReviewHandler(WorkloadReviews workloads, PolicyReviews policies, WebhookMetrics metrics) {
        this.workloads = workloads;
        this.policies = policies;
        this.metrics = metrics;
    }

    @Override
    public byte[] handle(AdmissionPath path, byte[] body) throws BadReviewException {
        long start = System.nanoTime();
        AdmissionRequest request;
        try {
            request = decoder.decode(path, body);
        } catch (BadReviewException e) {
            metrics.answered(path, "malformed", System.nanoTime() - start);
            throw e;
        }
        Answer answer = review(path, request);
        byte[] bytes = ReviewEncoder.encode(request, answer);
        metrics.answered(path, answer.outcome(), System.nanoTime() - start);
        log(path, request, answer);
        passage(request, answer);
        return bytes;
    }

    private Answer review(AdmissionPath path, AdmissionRequest request) {
        try {
            return reviewer(path).review(request);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.atError()
                    .addKeyValue("uid", request.uid())
                    .addKeyValue("path", path.path())
                    .addKeyValue("namespace", request.namespace())
                    .addKeyValue("name", request.displayName())
                    .setCause(e)
                    .log("Review failed; the object passes without being judged");
            return new Answer.Failed();
        }
    }

    private Reviewer reviewer(AdmissionPath path) {
        return switch (path) {
            case MUTATE_WORKLOADS -> workloads::mutate;
            case VALIDATE_WORKLOADS -> workloads::validate;
            case VALIDATE_POLICIES -> policies;
        };
    }

    /** What would have been refused and passes all the same is counted, and said with who did it. */
    private void passage(AdmissionRequest request, Answer answer) {
        if (!(answer instanceof Answer.Allowed allowed) || allowed.passage() == Passage.BY_ITSELF || request.dryRun()) {
            return;
        }
        metrics.passed(allowed.passage());
        LOG.atWarn()
                .addKeyValue("passage", WebhookMetrics.word(allowed.passage()))
                .addKeyValue("user", request.username())
                .addKeyValue("operation", request.operation())
                .addKeyValue("kind", request.kind())
                .addKeyValue("namespace", request.namespace())
                .addKeyValue("name", request.displayName())
                .addKeyValue("uid", request.uid())
                .addKeyValue(
                        "why",
                        allowed.warnings().isEmpty() ? "" : allowed.warnings().getFirst())
                .log("Let through what would be refused");
    }

    private static void log(AdmissionPath path, AdmissionRequest request, Answer answer) {
        // The canary is refused by a dry run every minute: that is no news.
        boolean news = (answer instanceof Answer.Refused || answer instanceof Answer.Patched) && !request.dryRun();
        Level level = news ? Level.INFO : Level.DEBUG;
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        LOG.atLevel(level)
                .addKeyValue("outcome", answer.outcome())
                .addKeyValue("path", path.path())
                .addKeyValue("operation", request.operation())
                .addKeyValue("kind", request.kind())
                .addKeyValue("namespace", request.namespace())
                .addKeyValue("name", request.displayName())
                .addKeyValue("uid", request.uid())
                .addKeyValue("dryRun", request.dryRun())
                .log("Reviewed");
    }
}
