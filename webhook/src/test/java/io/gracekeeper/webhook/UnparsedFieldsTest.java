package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.policy.TemplateHash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
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

    private static long templateHash(AdmissionRequest request) {
        JsonNode object = request.object();
        return object == null ? 0 : TemplateHash.of(object.path("spec").path("template"));
    }
}
