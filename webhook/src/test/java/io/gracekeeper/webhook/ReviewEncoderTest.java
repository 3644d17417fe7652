package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.gracekeeper.policy.Cause;
import io.gracekeeper.policy.PatchOperation;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Encoding an answer")
class ReviewEncoderTest {
    private final AdmissionRequest request = Reviews.request("deployment-create", review -> {});

    @Test
    @DisplayName("says nothing but allowed where there is nothing to say")
    void allowed() {
        assertThat(encoded(new Answer.Unjudged()))
                .isEqualTo(encoded(new Answer.Allowed(List.of())))
                .hasToString("{\"uid\":\"6f6c6a0e-0f4d-4a3c-9a77-0a1a2b3c4d5e\",\"allowed\":true}");
    }

    @Test
    @DisplayName("sends a patch as base64, with its type")
    void patched() {
        JsonNode response = encoded(new Answer.Patched(
                List.of(
                        new PatchOperation(PatchOperation.Op.ADD, "/a~1b", IntNode.valueOf(1)),
                        new PatchOperation(PatchOperation.Op.REMOVE, "/c", null)),
                List.of("gracekeeper: did it")));

        assertThat(response.path("allowed").booleanValue()).isTrue();
        assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
        assertThat(response.path("warnings")).hasToString("[\"gracekeeper: did it\"]");
        assertThat(Reviews.patch(response))
                .containsExactly(
                        new PatchOperation(PatchOperation.Op.ADD, "/a~1b", IntNode.valueOf(1)),
                        new PatchOperation(PatchOperation.Op.REMOVE, "/c", null));
    }

    @Test
    @DisplayName("refuses with 422 Invalid, a cause per violation, and the whole text in the message")
    void refused() {
        JsonNode response = encoded(new Answer.Refused(
                "all\nof \"it\"", List.of(new Cause("spec.a", "bad"), new Cause("spec.b", "worse")), List.of("w")));

        assertThat(response).isEqualTo(Reviews.parse("""
                {"uid":"6f6c6a0e-0f4d-4a3c-9a77-0a1a2b3c4d5e","allowed":false,
                 "status":{"status":"Failure","code":422,"reason":"Invalid","message":"all\\nof \\"it\\"",
                   "details":{"name":"checkout","group":"apps","kind":"Deployment","causes":[
                     {"reason":"FieldValueInvalid","message":"bad","field":"spec.a"},
                     {"reason":"FieldValueInvalid","message":"worse","field":"spec.b"}]}},
                 "warnings":["w"]}"""));
    }

    @Test
    @DisplayName("lets an object pass that we failed to judge, and says so")
    void failed() {
        JsonNode response = encoded(new Answer.Failed());

        assertThat(response.path("allowed").booleanValue()).isTrue();
        assertThat(response.path("warnings")).hasToString("[\"gracekeeper: internal error, not judged\"]");
    }

    private JsonNode encoded(Answer answer) {
        return Reviews.response(ReviewEncoder.encode(request, answer));
    }
}
