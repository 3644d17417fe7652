package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Decoding a review")
class ReviewDecoderTest {
    @Test
    @DisplayName("takes what we read, and keeps the objects as they came")
    void decodes() {
        var review = Reviews.read("deployment-update");

        AdmissionRequest request = Reviews.request("deployment-update", r -> {});

        assertThat(request.oldObject())
                .isNotNull()
                .satisfies(old -> assertThat(old).isEqualTo(review.at("/request/oldObject")));
        assertThat(request)
                .isEqualTo(new AdmissionRequest(
                        "7a6c6a0e-0f4d-4a3c-9a77-0a1a2b3c4d5f",
                        "apps",
                        "v1",
                        "Deployment",
                        "",
                        "UPDATE",
                        "shop",
                        "checkout",
                        "kubernetes-admin",
                        false,
                        review.at("/request/object"),
                        request.oldObject()));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @DisplayName("refuses what is no review of version v1, in few words and without quoting it")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | not an AdmissionReview of admission.k8s.io/v1",
                "null | not an AdmissionReview of admission.k8s.io/v1",
                "[] | not an AdmissionReview of admission.k8s.io/v1",
                "{} | not an AdmissionReview of admission.k8s.io/v1",
                "{\"secret\": | not JSON, at byte 10",
                "secret | not JSON, at byte 0",
                "{} {} | not JSON, at byte 3",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1beta1\",\"request\":{\"uid\":\"u\"}} | an AdmissionReview of admission.k8s.io/v1beta1, and only admission.k8s.io/v1 is spoken here: write admissionReviewVersions: [v1] in the webhook configuration",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"} | request.uid is missing",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":7}} | request.uid is missing",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u\",\"operation\":\"CREATE\",\"object\":null}} | request.object is missing",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u\",\"operation\":\"UPDATE\",\"object\":{}}} | request.oldObject is missing",
            })
    void refuses(String body, String words) {
        assertThatExceptionOfType(BadReviewException.class)
                .isThrownBy(() -> new ReviewDecoder()
                        .decode(AdmissionPath.VALIDATE_WORKLOADS, body.getBytes(StandardCharsets.UTF_8)))
                .satisfies(refusal -> assertThat(refusal.words()).isEqualTo(words));
    }

    @Test
    @DisplayName("refuses an object that is nested deeper than any object can be")
    void refusesDeepNesting() {
        byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);

        assertThatExceptionOfType(BadReviewException.class)
                .isThrownBy(() -> new ReviewDecoder().decode(AdmissionPath.VALIDATE_WORKLOADS, deep));
    }
}
