package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.policy.Cause;
import io.gracekeeper.policy.EngineSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A review of a policy")
class PolicyReviewsTest {
    private static final PolicyReviews AT_NOON = new PolicyReviews(
            new EngineSettings(3600),
            PolicyForecast.SILENT,
            InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z")));

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

    @Nested
    @DisplayName("of the cluster")
    class OfTheCluster {
        @Test
        @DisplayName("lets a good one pass, which has no namespace")
        void good() {
            assertThat(reviews.review(Reviews.request("cluster-policy-create", review -> {})))
                    .isEqualTo(new Answer.Allowed(List.of()));
        }

        @Test
        @DisplayName("says everything that is wrong at once, and that it has to say for which namespaces it is")
        void everythingAtOnce() {
            Answer answer = reviews.review(Reviews.request("cluster-policy-create", review -> {
                ObjectNode spec = Reviews.at(review, "/request/object/spec");
                spec.remove("namespaceSelector");
                spec.put("priority", 1001);
                spec.set("match", Reviews.parse("""
                        {"kinds":["Deployment","Frigate"],"exemptContainers":["*-agent","Ü"]}"""));
                Reviews.at(spec, "/requirements").put("maxTerminationGracePeriodSeconds", 34);
                spec.set("validation", Reviews.parse("""
                        {"actions":["Deny","Warn"],"rules":[{"rule":"Autoscaler","actions":["Deny"]}]}"""));
                spec.set("injection", Reviews.parse("""
                        {"existing":{"maxConcurrent":0}}"""));
            }));
            assertThat(answer).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
                assertThat(refused.causes())
                        .extracting(Cause::field)
                        .containsExactly(
                                "spec.namespaceSelector",
                                "spec.priority",
                                "spec.match.kinds[1]",
                                "spec.match.exemptContainers[1]",
                                "spec.requirements.maxTerminationGracePeriodSeconds",
                                "spec.validation.actions",
                                "spec.validation.rules[0].rule",
                                "spec.injection.existing.maxConcurrent");
                assertThat(refused.message())
                        .startsWith("ClusterGracefulShutdownPolicy baseline: spec.namespaceSelector: is missing")
                        .contains("(1 of 8)");
                refused.causes()
                        .forEach(cause -> assertThat(refused.message())
                                .contains("\n* " + cause.field() + ": " + cause.message()));
            });
        }

        @ParameterizedTest(name = "{0} = {1}")
        @DisplayName("names the field of a value that can't be read")
        @CsvSource(
                delimiter = '|',
                value = {
                    "namespaceSelector | 7 | spec.namespaceSelector",
                    "namespaceSelector | {\"matchLabels\":{\"a\":{}}} | spec.namespaceSelector.matchLabels.a",
                    "priority | \"high\" | spec.priority",
                    "profile | \"Mesh\" | spec.profile",
                    "requirements | {\"readinessProbe\":\"Maybe\"} | spec.requirements.readinessProbe",
                    "validation | {\"existingViolations\":\"Forgive\"} | spec.validation.existingViolations",
                    "validation | {\"rules\":[{\"rule\":\"BudgetFits\",\"actions\":\"Deny\"}]} | spec.validation.rules[0].actions",
                })
        void unreadable(String field, String value, String path) {
            assertThat(reviews.review(Reviews.request(
                            "cluster-policy-create",
                            review -> Reviews.at(review, "/request/object/spec").set(field, Reviews.parse(value)))))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.causes())
                                    .extracting(Cause::field)
                                    .containsExactly(path));
        }
    }

    @Nested
    @DisplayName("that is an exception")
    class OfAnException {
        @Test
        @DisplayName("lets a good one pass")
        void good() {
            assertThat(exception(spec -> {})).isEqualTo(new Answer.Allowed(List.of()));
        }

        @Test
        @DisplayName("says everything that is wrong at once")
        void everythingAtOnce() {
            Answer answer = exception(spec -> {
                spec.set("target", Reviews.parse("{\"kind\":\"Frigate\",\"names\":[\"billing\",\"b*\"]}"));
                spec.set("rules", Reviews.parse("[\"BudgetFits\",\"*\",\"NodeCeiling\"]"));
                spec.put("reason", " ").put("expiresAt", "2028-01-01T00:00:00Z");
            });
            assertThat(answer).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
                assertThat(refused.causes())
                        .extracting(Cause::field)
                        .containsExactly(
                                "spec.target.kind",
                                "spec.target.names[1]",
                                "spec.rules[1]",
                                "spec.rules[2]",
                                "spec.reason",
                                "spec.expiresAt");
                assertThat(refused.message())
                        .startsWith("ShutdownException shop/billing: spec.target.kind: \"Frigate\" is no kind")
                        .contains("(1 of 6)")
                        .contains("more than 180 days ahead: the latest is 2027-05-23T12:00:00Z");
            });
        }

        @Test
        @DisplayName("refuses one without any of what it has to say")
        void empty() {
            assertThat(exception(ObjectNode::removeAll))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.causes())
                                    .extracting(Cause::field)
                                    .containsExactly(
                                            "spec.target.kind",
                                            "spec.target.names",
                                            "spec.rules",
                                            "spec.reason",
                                            "spec.expiresAt"));
        }

        @Test
        @DisplayName("lets an old one be labelled whose end was further ahead than may be asked for now")
        void unchanged() {
            Consumer<ObjectNode> update = review -> {
                ObjectNode request = Reviews.at(review, "/request");
                Reviews.at(request, "/object/spec").put("expiresAt", "2028-01-01T00:00:00Z");
                request.put("operation", "UPDATE");
                request.set("oldObject", request.required("object").deepCopy());
                Reviews.at(request, "/object/metadata").putObject("labels").put("a", "b");
            };
            assertThat(AT_NOON.review(Reviews.request("exception-create", update)))
                    .isEqualTo(new Answer.Allowed(List.of()));
            assertThat(AT_NOON.review(Reviews.request(
                            "exception-create",
                            update.andThen(review ->
                                    Reviews.at(review, "/request/object/spec").put("skipInjection", true)))))
                    .isInstanceOf(Answer.Refused.class);
        }

        private static Answer exception(Consumer<ObjectNode> change) {
            return AT_NOON.review(Reviews.request(
                    "exception-create", review -> change.accept(Reviews.at(review, "/request/object/spec"))));
        }
    }

    private Answer review(Consumer<ObjectNode> change) {
        return reviews.review(Reviews.request("policy-create", change));
    }
}
