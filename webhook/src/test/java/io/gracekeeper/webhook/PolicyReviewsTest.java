package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.policy.Cause;
import io.gracekeeper.policy.EngineSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A review of a policy")
class PolicyReviewsTest {
    private final PolicyReviews reviews =
            new PolicyReviews(new EngineSettings(3600), PolicyForecast.SILENT, InstantSource.system());

    @Test
    @DisplayName("lets a good one pass")
    void good() {
        assertThat(review(review -> {})).isEqualTo(new Answer.Allowed(List.of()));
    }

    @Test
    @DisplayName("says everything that is wrong at once, in causes and whole in the message")
    void everythingAtOnce() {
        Answer answer = review(review -> {
            ObjectNode spec = Reviews.at(review, "/request/object/spec");
            Reviews.at(spec, "/requirements").put("drainDelaySeconds", -1).put("shutdownSeconds", 90_000);
            Reviews.at(spec, "/match/selector").set("matchExpressions", Reviews.parse("""
                    [{"key":"tier","operator":"Inn","values":["web"]}]"""));
            Reviews.at(spec, "/audit").set("cleanExitCodes", Reviews.parse("[0,137]"));
        });

        assertThat(answer).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.causes())
                    .extracting(Cause::field)
                    .contains(
                            "spec.match.selector.matchExpressions[0].operator",
                            "spec.requirements.drainDelaySeconds",
                            "spec.requirements.shutdownSeconds",
                            "spec.audit.cleanExitCodes");
            assertThat(refused.message())
                    .startsWith("GracefulShutdownPolicy shop/web: spec.")
                    .contains("(1 of ");
            refused.causes()
                    .forEach(cause ->
                            assertThat(refused.message()).contains("\n* " + cause.field() + ": " + cause.message()));
        });
    }

    @ParameterizedTest(name = "{0} = {1}")
    @DisplayName("names the field of a value that can't be read")
    @CsvSource(
            delimiter = '|',
            value = {
                "requirements | 7 | spec.requirements",
                "requirements | {\"shutdownSeconds\":\"long\"} | spec.requirements.shutdownSeconds",
                "injection | {\"mode\":\"Off\"} | spec.injection.mode",
                "validation | {\"actions\":[\"Deny\",\"Shout\"]} | spec.validation.actions[1]",
            })
    void unreadable(String field, String value, String path) {
        assertThat(review(review -> Reviews.at(review, "/request/object/spec").set(field, Reviews.parse(value))))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.causes())
                                .extracting(Cause::field)
                                .containsExactly(path));
    }

    @Test
    @DisplayName("refuses a policy without a spec, and tolerates fields of a later version")
    void specMissingAndUnknown() {
        assertThat(review(review -> Reviews.at(review, "/request/object").remove("spec")))
                .isInstanceOf(Answer.Refused.class);
        assertThat(review(review -> Reviews.at(review, "/request/object/spec").put("future", 1)))
                .isInstanceOf(Answer.Allowed.class);
    }

    @Test
    @DisplayName("lets a label change on a policy that a lower cap has made wrong, but not its spec")
    void unchangedSpecPasses() {
        Consumer<ObjectNode> update = review -> {
            ObjectNode request = Reviews.at(review, "/request");
            Reviews.at(request, "/object/spec/requirements").put("shutdownSeconds", 5000);
            request.put("operation", "UPDATE");
            request.set("oldObject", request.required("object").deepCopy());
            Reviews.at(request, "/object/metadata").putObject("labels").put("a", "b");
        };

        assertThat(review(update)).isInstanceOf(Answer.Allowed.class);
        assertThat(review(update.andThen(review ->
                        Reviews.at(review, "/request/object/spec/requirements").put("drainDelaySeconds", 11))))
                .isInstanceOf(Answer.Refused.class);
    }

    @Test
    @DisplayName("isn't judged when it is deleted or is something else")
    void leavesOthersAlone() {
        assertThat(review(review -> Reviews.at(review, "/request").put("operation", "DELETE")))
                .isInstanceOf(Answer.Unjudged.class);
        assertThat(review(review -> Reviews.at(review, "/request/kind").put("kind", "RolloutAudit")))
                .isInstanceOf(Answer.Unjudged.class);
        assertThat(review(review -> Reviews.at(review, "/request").put("subResource", "status")))
                .isInstanceOf(Answer.Unjudged.class);
    }

    private Answer review(Consumer<ObjectNode> change) {
        return reviews.review(Reviews.request("policy-create", change));
    }
}
