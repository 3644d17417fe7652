package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.Annotations;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A review of a workload")
class WorkloadReviewsTest {
    private final WorkloadReviews reviews = Reviews.workloads(Reviews.STRICT);

    @Test
    @DisplayName("injects when it is created")
    void injectsOnCreate() {
        assertThat(mutate("deployment-create", review -> {})).isInstanceOf(Answer.Patched.class);
    }

    @Test
    @DisplayName("injects when its template changes")
    void injectsOnTemplateChange() {
        assertThat(mutate("deployment-update", review -> {})).isInstanceOf(Answer.Patched.class);
    }

    @Test
    @DisplayName("injects when the operator gives it its turn, though its template is the same")
    void injectsOnTouch() {
        assertThat(mutate("deployment-update", review -> {
                    sameTemplate(review);
                    Reviews.at(review, "/request/object/metadata/annotations").put(Annotations.INJECT, "abc");
                }))
                .isInstanceOf(Answer.Patched.class);
    }

    @Test
    @DisplayName("leaves an unchanged template alone, whatever else changed: a label must not start a rollout")
    void leavesUnchangedTemplate() {
        Consumer<ObjectNode> label = review -> {
            sameTemplate(review);
            Reviews.at(review, "/request/object/metadata/labels").put("owner", "me");
            Reviews.at(review, "/request/object/spec").put("replicas", 9).put("paused", true);
        };

        assertThat(mutate("deployment-update", label)).isInstanceOf(Answer.Unjudged.class);
        assertThat(validate("deployment-update", label)).isInstanceOf(Answer.Allowed.class);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @DisplayName("isn't judged where it is about something else")
    @CsvSource({
        "/request, operation, DELETE",
        "/request, operation, CONNECT",
        "/request, subResource, scale",
        "/request, subResource, status",
        "/request/kind, group, extensions",
        "/request/kind, kind, Scale",
    })
    void leavesOthersAlone(String parent, String field, String value) {
        Consumer<ObjectNode> change = review -> Reviews.at(review, parent).put(field, value);

        assertThat(mutate("deployment-create", change)).isInstanceOf(Answer.Unjudged.class);
        assertThat(validate("deployment-create", change)).isInstanceOf(Answer.Unjudged.class);
    }

    @Test
    @DisplayName("is the same answer for a dry run")
    void dryRunIsTheSame() {
        Consumer<ObjectNode> dryRun = review -> Reviews.at(review, "/request").put("dryRun", true);

        assertThat(mutate("deployment-create", dryRun)).isEqualTo(mutate("deployment-create", review -> {}));
        assertThat(validate("deployment-create", dryRun)).isEqualTo(validate("deployment-create", review -> {}));
    }

    @Test
    @DisplayName("refuses what can't drain, and allows what no policy is about")
    void refuses() {
        assertThat(validate("deployment-create", review -> {})).isInstanceOf(Answer.Refused.class);
        assertThat(validate("deployment-create", review -> {
                    Reviews.at(review, "/request").put("namespace", "other");
                    Reviews.at(review, "/request/object/metadata").put("namespace", "other");
                }))
                .isInstanceOf(Answer.Allowed.class);
    }

    @Test
    @DisplayName("lets an update pass that makes nothing worse, with a warning")
    void ratchet() {
        assertThat(validate("deployment-update", review -> {}))
                .isInstanceOf(Answer.Allowed.class)
                .satisfies(answer -> assertThat(answer.warnings()).isNotEmpty());
        assertThat(validate(
                        "deployment-update", review -> Reviews.podSpec(review).put("terminationGracePeriodSeconds", 1)))
                .isInstanceOf(Answer.Refused.class);
    }

    @Test
    @DisplayName("names an object that has no name yet by what its name will start with")
    void generateName() {
        AdmissionRequest request = Reviews.request("deployment-create", review -> {
            Reviews.at(review, "/request").remove("name");
            ObjectNode metadata = Reviews.at(review, "/request/object/metadata");
            metadata.remove("name");
            metadata.put("generateName", "preview-");
        });

        assertThat(request.displayName()).isEqualTo("preview-");
        assertThat(reviews.validate(request))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.message()).contains("shop/preview-"));
    }

    private static void sameTemplate(ObjectNode review) {
        Reviews.at(review, "/request/object/spec")
                .set(
                        "template",
                        review.requiredAt("/request/oldObject/spec/template").deepCopy());
    }

    private Answer mutate(String name, Consumer<ObjectNode> change) {
        return reviews.mutate(Reviews.request(name, change));
    }

    private Answer validate(String name, Consumer<ObjectNode> change) {
        return reviews.validate(Reviews.request(name, change));
    }
}
