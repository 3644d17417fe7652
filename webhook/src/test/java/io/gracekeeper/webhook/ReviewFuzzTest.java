package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Labels;
import io.gracekeeper.crds.Match;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.JsonPatches;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.PatchOperation;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Mutated reviews of every kind against a real HTTPS server: 2,000 in every build, always the same ones. For 100,000 others:
 *
 * <pre>./mvnw -pl webhook -am test -Dtest=ReviewFuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dgracekeeper.fuzz.reviews=100000 -Dgracekeeper.fuzz.seed=$RANDOM</pre>
 */
@DisplayName("Mutated reviews")
class ReviewFuzzTest {
    private static final int REVIEWS = Integer.getInteger("gracekeeper.fuzz.reviews", 2000);
    private static final long SEED = Long.getLong("gracekeeper.fuzz.seed", 20261124);
    private static final List<WorkloadKind> KINDS = WorkloadKinds.BUILT_IN.all();

    private static final List<String> OF_POLICIES =
            List.of("policy-create", "cluster-policy-create", "exception-create");

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @Test
    @DisplayName(
            "get a review or a 400, never a 5xx, log no exception, and every patch applies and is not asked for again")
    void survive() throws Exception {
        System.out.println("ReviewFuzzTest: " + REVIEWS + " reviews from seed " + SEED);
        log.start();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(log);
        int patched = 0;
        int refused = 0;
        try (var server = new TestServer(namespace -> policies());
                HttpClient http = server.client(Version.HTTP_2)) {
            for (int i = 0; i < REVIEWS; i++) {
                long seed = SEED + i;
                JsonNode response = answer(server, http, seed);
                patched += response.has("patch") ? 1 : 0;
                refused += response.path("allowed").asBoolean(true) ? 0 : 1;
                assertThat(log.list)
                        .as("logged for seed %s", seed)
                        .noneMatch(event -> event.getThrowableProxy() != null);
                log.list.clear(); // or a run of 100,000 looks at each line 50,000 times
            }
        } finally {
            root.detachAppender(log);
        }
        System.out.println("ReviewFuzzTest: " + patched + " patched, " + refused + " refused");
        assertThat(patched).as("mutations leave enough that is worth editing").isGreaterThan(REVIEWS / 100);
        assertThat(refused).as("and refusing").isGreaterThan(REVIEWS / 100);
    }

    private static JsonNode answer(TestServer server, HttpClient http, long seed) throws Exception {
        var random = new Random(seed);
        AdmissionPath path = AdmissionPath.values()[random.nextInt(AdmissionPath.values().length)];
        ObjectNode review = path == AdmissionPath.VALIDATE_POLICIES
                ? Reviews.read(OF_POLICIES.get(random.nextInt(OF_POLICIES.size())))
                : KindReviews.of(
                        random.nextBoolean() ? "deployment-create" : "deployment-update",
                        KINDS.get(random.nextInt(KINDS.size())));
        new ReviewMutator(seed).mutate(review);

        HttpResponse<byte[]> answer = server.post(http, path, bytes(review));
        assertThat(answer.statusCode())
                .as("seed %s: %s", seed, new String(answer.body(), StandardCharsets.UTF_8))
                .isIn(200, 400);
        if (answer.statusCode() == 400) {
            return Reviews.JSON.createObjectNode();
        }
        JsonNode response = Reviews.response(answer.body());
        for (JsonNode warning : response.path("warnings")) {
            assertThat(warning.asText())
                    .as("seed %s", seed)
                    .hasSizeLessThanOrEqualTo(120)
                    .doesNotContainPattern("\\p{Cntrl}")
                    .doesNotContain("internal error");
        }
        List<PatchOperation> patch = Reviews.patch(response);
        if (!patch.isEmpty()) {
            JsonNode edited = JsonPatches.apply(review.at("/request/object"), patch);
            Reviews.at(review, "/request").set("object", edited);
            JsonNode second =
                    Reviews.response(server.post(http, path, bytes(review)).body());
            assertThat(Reviews.patch(second)).as("second pass of seed %s", seed).isEmpty();
        }
        return response;
    }

    private static byte[] bytes(JsonNode review) {
        return review.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static NamespacePolicies policies() {
        CompiledPolicy policy = CompiledPolicy.of(
                new PolicyReference("shop", "web"),
                new GracefulShutdownPolicySpec(
                        new Match(KINDS.stream().map(WorkloadKind::kind).toList(), null, null, null),
                        new Requirements(10, 20, 5, null),
                        new Validation(List.of(ValidationAction.DENY)),
                        new Injection(InjectionMode.APPLY, null),
                        null));
        return new NamespacePolicies(List.of(policy), List.of(), Map.of(Labels.POD_INJECTION, Labels.ENABLED));
    }
}
