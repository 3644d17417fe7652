package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.Cause;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.JsonPatches;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.cases.Case;
import io.gracekeeper.policy.cases.Cases;
import io.gracekeeper.policy.cases.Expected.ExpectedViolation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus at the webhook's door: from the bytes of a review to its answer, through both webhooks as an API server asks them. */
@DisplayName("The webhooks say of a case what every door says:")
class CorpusTest {
    static List<Case> cases() {
        return Cases.all(Instant.now());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void says(Case one) throws Exception {
        WorkloadReviews reviews =
                Reviews.workloads(PolicySnapshot.of(one.policies(), EngineSettings.DEFAULT), one.owners());
        List<String> warnings = new ArrayList<>();

        Answer mutation = reviews.mutate(request(one, one.object(), AdmissionPath.MUTATE_WORKLOADS));
        warnings.addAll(mutation.warnings());
        JsonNode mutated = mutation instanceof Answer.Patched patched
                ? JsonPatches.apply(one.object(), patched.patch())
                : one.object();
        Answer decision = reviews.validate(request(one, mutated, AdmissionPath.VALIDATE_WORKLOADS));
        warnings.addAll(decision.warnings());

        assertThat(warnings).isEqualTo(one.expected().warnings());
        assertThat(decision instanceof Answer.Refused)
                .isNotEqualTo(one.expected().allowed());
        if (decision instanceof Answer.Refused refused) {
            assertThat(refused.causes())
                    .isNotEmpty()
                    .isSubsetOf(one.expected().violations().stream()
                            .map(CorpusTest::cause)
                            .toList());
        }
    }

    private static Cause cause(ExpectedViolation violation) {
        return new Cause(violation.field(), violation.message());
    }

    private static AdmissionRequest request(Case one, JsonNode object, AdmissionPath path) throws BadReviewException {
        return new ReviewDecoder().decode(path, Reviews.of(object, one.oldObject(), one.user()));
    }
}
