package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.policy.TemplateHash;
import io.gracekeeper.policy.UnparsedValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What no rule reads is not parsed: the answer must be the one that is given where all of it is. */
@Label("A workload of which a part stays bytes")
class UnparsedFieldsTest {
    private final WorkloadReviews reviews = Reviews.workloads(Reviews.STRICT);

    @Property(tries = 1000)
    @Label("is answered as if all of it had been read")
    void sameAnswer(
            @ForAll @IntRange(max = 1) int recorded,
            @ForAll @Size(max = 4) List<@IntRange(max = 1_000_000) Integer> seeds)
            throws Exception {
        ObjectNode review = Reviews.read(recorded == 0 ? "deployment-create" : "deployment-update");
        for (int seed : seeds) {
            HostileReviewsTest.mutate(review, new Random(seed));
        }
        byte[] body = review.toString().getBytes(StandardCharsets.UTF_8);
        AdmissionRequest whole;
        try {
            whole = new ReviewDecoder().decode(AdmissionPath.VALIDATE_POLICIES, body);
        } catch (BadReviewException e) {
            return;
        }
        AdmissionRequest part = new ReviewDecoder().decode(AdmissionPath.VALIDATE_WORKLOADS, body);

        assertThat(reviews.validate(part)).isEqualTo(reviews.validate(whole));
        assertThat(reviews.mutate(part)).isEqualTo(reviews.mutate(whole));
        assertThat(templateHash(part)).isEqualTo(templateHash(whole));
    }

    @Example
    @Label("tells a grace period that its author chose from a default as if all of it had been read")
    void author() throws Exception {
        var answers = new ArrayList<Boolean>();
        for (String lastApplied : new String[] {
            "{}",
            "{\"spec\":{\"template\":{\"spec\":{\"terminationGracePeriodSeconds\":30}}}}",
            "{\"spec\":{\"template\":{\"spec\":{\"terminationGrace\\u0050eriodSeconds\":30}}}}",
            "{\"spec\":{\"paused\":\"\\u003c\"}}"
        }) {
            for (String operation : new String[] {"Apply", "Update"}) {
                for (String owned : new String[] {"f:terminationGracePeriodSeconds", "f:dnsPolicy"}) {
                    ObjectNode review = Reviews.read("deployment-create");
                    ObjectNode metadata = review.withObject("/request/object/metadata");
                    metadata.withObject("/annotations").put(UnparsedValue.LAST_APPLIED, lastApplied);
                    ObjectNode manager = metadata.putArray("managedFields")
                            .addObject()
                            .put("manager", "kubectl")
                            .put("operation", operation);
                    manager.withObject("/fieldsV1/f:spec/f:template/f:spec").putObject(owned);
                    review.withObject("/request/object/spec/template/spec").put("terminationGracePeriodSeconds", 30);
                    byte[] body = review.toString().getBytes(StandardCharsets.UTF_8);

                    var part = reviews.mutate(new ReviewDecoder().decode(AdmissionPath.MUTATE_WORKLOADS, body));

                    assertThat(part)
                            .as(lastApplied + operation + owned)
                            .isEqualTo(
                                    reviews.mutate(new ReviewDecoder().decode(AdmissionPath.VALIDATE_POLICIES, body)));
                    answers.add(part instanceof Answer.Patched);
                }
            }
        }
        assertThat(answers)
                .containsExactly(
                        false, true, true, true, // Not in the manifest.
                        false, false, false, false, // In it.
                        false, false, false, false, // In it, with a letter written in another way.
                        false, true, true, true);
    }

    private static long templateHash(AdmissionRequest request) {
        JsonNode object = request.object();
        return object == null ? 0 : TemplateHash.of(object.path("spec").path("template"));
    }
}
