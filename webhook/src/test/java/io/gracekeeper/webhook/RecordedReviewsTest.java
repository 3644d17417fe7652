package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.Labels;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.JsonPatches;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.OriginReader.Owner;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reviews as Kubernetes 1.37 sent them for the chart's own webhook configurations. {@code RecordedReviewsApiServerIT} in module e2e
 * compares them with what it sends now, and writes them anew with {@code -Dgracekeeper.reviews=write}.
 */
@DisplayName("A review that an API server sent")
class RecordedReviewsTest {
    private static final Path FOLDER = Path.of("src/test/resources/reviews/recorded");

    static List<String> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString().replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    static Stream<String> createdByPeople() throws IOException {
        return all().stream().filter(name -> name.endsWith("-create"));
    }

    static Stream<String> updates() throws IOException {
        return all().stream().filter(name -> name.endsWith("-update"));
    }

    static Stream<String> byControllers() throws IOException {
        return all().stream().filter(name -> name.contains("-by-"));
    }

    @ParameterizedTest
    @MethodSource("all")
    @DisplayName("is read to what it says")
    void decoded(String name) {
        ObjectNode review = read(name);
        JsonNode request = review.path("request");
        AdmissionRequest decoded = decode(review);
        assertThat(name).startsWith(decoded.kind().toLowerCase(Locale.ROOT) + "-");
        assertThat(decoded.uid()).isEqualTo(request.path("uid").asText()).isNotEmpty();
        assertThat(decoded.username())
                .isEqualTo(request.at("/userInfo/username").asText())
                .endsWith(name.contains("-by-") ? name.substring(name.indexOf("-by-") + 4) : "");
        assertThat(decoded.namespace()).isEqualTo("shop");
        assertThat(decoded.displayName()).startsWith("checkout");
        assertThat(decoded.writes()).isTrue();
        assertThat(decoded.oldObject() != null).isEqualTo(name.endsWith("-update"));
    }

    @ParameterizedTest
    @MethodSource("createdByPeople")
    @DisplayName("is refused where a policy is about its kind, and passes edited where it may be edited")
    void created(String name) {
        ObjectNode review = read(name);
        WorkloadKind kind = kind(decode(review));
        WorkloadReviews reviews = reviews(List.of(kind.kind()), new Owner.Nobody());
        assertThat(reviews.validate(decode(review))).isInstanceOf(Answer.Refused.class);
        Answer answer = reviews.mutate(decode(review));
        assertThat(answer instanceof Answer.Patched).isEqualTo(kind.injectable());
        if (answer instanceof Answer.Patched patched) {
            Reviews.at(review, "/request")
                    .set("object", JsonPatches.apply(review.at("/request/object"), patched.patch()));
            assertThat(reviews.validate(decode(review))).isInstanceOf(Answer.Allowed.class);
            assertThat(reviews.mutate(decode(review))).isInstanceOf(Answer.Allowed.class);
        }
    }

    @ParameterizedTest
    @MethodSource("updates")
    @DisplayName("passes where it changes a bad template without making it worse, and not where it does")
    void updated(String name) {
        ObjectNode review = read(name);
        WorkloadKind kind = kind(decode(review));
        WorkloadReviews reviews = reviews(List.of(kind.kind()), new Owner.Nobody());
        assertThat(reviews.validate(decode(review)))
                .isInstanceOfSatisfying(
                        Answer.Allowed.class,
                        allowed -> assertThat(allowed.warnings()).isNotEmpty());
        KindReviews.template(review, kind).withObject("/spec").put("terminationGracePeriodSeconds", 1);
        assertThat(reviews.validate(decode(review))).isInstanceOf(Answer.Refused.class);
    }

    @ParameterizedTest
    @MethodSource("byControllers")
    @DisplayName("passes where a controller makes it for what was judged, and is refused where nobody above it was")
    void byController(String name) {
        ObjectNode review = read(name);
        AdmissionRequest request = decode(review);
        String maker =
                review.at("/request/object/metadata/ownerReferences/0/kind").asText();
        assertThat(reviews(List.of(maker, request.kind()), new Owner.Nobody()).validate(request))
                .isEqualTo(new Answer.Allowed(List.of()));
        assertThat(reviews(List.of(request.kind()), new Owner.Nobody()).validate(request))
                .isInstanceOf(Answer.Refused.class);
    }

    private static ObjectNode read(String name) {
        return Reviews.read("recorded/" + name);
    }

    private static AdmissionRequest decode(ObjectNode review) {
        try {
            return new ReviewDecoder()
                    .decode(AdmissionPath.VALIDATE_WORKLOADS, review.toString().getBytes(StandardCharsets.UTF_8));
        } catch (BadReviewException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static WorkloadKind kind(AdmissionRequest request) {
        return Objects.requireNonNull(WorkloadKinds.BUILT_IN.of(request.group() + "/", request.kind()));
    }

    private static WorkloadReviews reviews(List<String> kinds, Owner owner) {
        CompiledPolicy policy = Reviews.strict(kinds, WorkloadKinds.BUILT_IN);
        var engine = new PolicyEngine(
                namespace ->
                        new NamespacePolicies(List.of(policy), List.of(), Map.of(Labels.POD_INJECTION, Labels.ENABLED)),
                WorkloadKinds.BUILT_IN,
                InstantSource.system());
        return new WorkloadReviews(engine, (namespace, kind, name) -> owner, Revisions.NONE);
    }
}
