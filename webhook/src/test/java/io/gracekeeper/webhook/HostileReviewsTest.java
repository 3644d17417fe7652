package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.policy.JsonPatches;
import io.gracekeeper.policy.PatchOperation;
import io.micrometer.core.instrument.Counter;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Reviews in which something was nulled, given another type, removed, doubled or set to an odd value: webhooks see objects before
 * the API server validates them. Whatever comes, the answer is a review or a 4xx, no exception is logged, and every patch applies.
 */
@Label("Hostile reviews")
class HostileReviewsTest {
    private static final List<String> ODD = List.of(
            "null",
            "true",
            "0",
            "-1",
            "30",
            "2147483648",
            "9223372036854775808",
            "1e400",
            "4.5",
            "\"\"",
            "\"30\"",
            "\"app\"",
            "\"\\u0000\\n\\ud83d\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "{\"sleep\":{\"seconds\":null}}",
            "{\"exec\":{\"command\":\"sleep 5\"},\"sleep\":{\"seconds\":5}}",
            "{\"preStop\":{}}",
            "{\"a\":{\"b\":[1]}}");
    private static final List<String> REVIEWS = List.of("deployment-create", "deployment-update", "policy-create");

    private static TestServer server;
    private static HttpClient http;

    @BeforeContainer
    static void start() {
        server = new TestServer(Reviews.STRICT);
        http = server.client(Version.HTTP_2);
    }

    @AfterContainer
    static void stop() {
        http.close();
        server.close();
    }

    @Property(tries = 400)
    @Label("get a review or a 4xx, never an exception, and only patches that apply")
    void neverFail(
            @ForAll @IntRange(max = 2) int recorded,
            @ForAll @IntRange(max = 2) int path,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1_000_000) Integer> seeds)
            throws Exception {
        double failuresBefore = failures();
        ObjectNode review = Reviews.read(REVIEWS.get(recorded));
        for (int seed : seeds) {
            mutate(review, new Random(seed));
        }

        HttpResponse<byte[]> answer = server.post(
                http, AdmissionPath.values()[path], review.toString().getBytes(StandardCharsets.UTF_8));

        assertThat(answer.statusCode())
                .as(() -> new String(answer.body(), StandardCharsets.UTF_8))
                .isIn(200, 400);
        if (answer.statusCode() == 200) {
            JsonNode response = Reviews.response(answer.body());
            List<PatchOperation> patch = Reviews.patch(response);
            if (!patch.isEmpty()) {
                JsonPatches.apply(review.at("/request/object"), patch);
            }
            for (JsonNode warning : response.path("warnings")) {
                assertThat(warning.asText()).hasSizeLessThanOrEqualTo(120).doesNotContainPattern("\\p{Cntrl}");
            }
        }
        assertThat(failures()).isEqualTo(failuresBefore);
    }

    @Property(tries = 200)
    @Label("that were cut off, or have bytes changed, get the same")
    void neverFailOnBytes(
            @ForAll @IntRange(max = 2) int path,
            @ForAll @IntRange(max = 20_000) int length,
            @ForAll @Size(max = 3) List<@IntRange(max = 20_000) Integer> flips)
            throws Exception {
        double failuresBefore = failures();
        byte[] body = Reviews.bytes("deployment-create");
        for (int flip : flips) {
            body[flip % body.length] ^= (byte) (1 << (flip % 8));
        }
        byte[] sent = Arrays.copyOf(body, Math.min(length, body.length));

        assertThat(server.post(http, AdmissionPath.values()[path], sent).statusCode())
                .isIn(200, 400);
        assertThat(failures()).isEqualTo(failuresBefore);
    }

    private static double failures() {
        return server.registry.find(WebhookMetrics.REVIEWS).tag("outcome", "failed").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Changes one member or item somewhere in the tree, mostly inside the objects. */
    static void mutate(ObjectNode review, Random random) {
        JsonNode start =
                random.nextInt(8) == 0 ? review : review.path("request").path("object");
        List<JsonNode> parents = new ArrayList<>();
        collect(start, parents);
        if (parents.isEmpty()) {
            return;
        }
        JsonNode odd = Reviews.parse(ODD.get(random.nextInt(ODD.size())));
        switch (parents.get(random.nextInt(parents.size()))) {
            case ObjectNode object -> {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                String name = names.get(random.nextInt(names.size()));
                if (random.nextInt(4) == 0) {
                    object.remove(name);
                } else {
                    object.set(name, odd);
                }
            }
            case ArrayNode array -> {
                int index = random.nextInt(array.size());
                switch (random.nextInt(3)) {
                    case 0 -> array.remove(index);
                    case 1 -> array.add(array.get(index).deepCopy());
                    default -> array.set(index, odd);
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
        if (node.isContainerNode() && !node.isEmpty()) {
            into.add(node);
            node.forEach(child -> collect(child, into));
        }
    }
}
