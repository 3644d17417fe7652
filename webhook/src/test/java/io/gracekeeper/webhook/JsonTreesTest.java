package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Jackson is the judge: what we take it takes, and it makes the same tree of it. */
@Label("A tree of JSON")
class JsonTreesTest {
    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonTrees trees = new JsonTrees(Set.of());

    @Property(tries = 2000)
    @Label("is the one that Jackson makes, with space anywhere")
    void isJacksons(@ForAll("values") String json) throws Exception {
        assertThat(tree(bytes(json))).isEqualTo(JACKSON.readTree(json));
    }

    @Property(tries = 2000)
    @Label("is made of nothing that Jackson refuses, and Jackson reads what stays bytes")
    void refuses(
            @ForAll("values") String json,
            @ForAll @IntRange(max = 10_000) int length,
            @ForAll @Size(max = 3) List<@IntRange(max = 100_000) Integer> flips) {
        byte[] text = bytes(json);
        for (int flip : flips) {
            text[flip % text.length] ^= (byte) (1 << (flip % 8));
        }
        byte[] broken = Arrays.copyOf(text, Math.min(length, text.length));

        JsonNode mine;
        try {
            mine = tree(broken);
        } catch (BadReviewException e) {
            return;
        }
        assertThatCode(() -> assertThat(mine).isEqualTo(JACKSON.readTree(broken)))
                .as(new String(broken, StandardCharsets.ISO_8859_1))
                .doesNotThrowAnyException();
    }

    @Property
    @Label("is made of the recorded reviews as Jackson makes it")
    void recorded(@ForAll("recordings") String name) throws Exception {
        ObjectNode review = Reviews.read(name);

        assertThat(tree(bytes(review.toString()))).isEqualTo(review);
        assertThat(tree(bytes(review.toPrettyString()))).isEqualTo(review);
    }

    @Property(tries = 2000)
    @Label("shares with another one what both say, and says the same as without it")
    void twins(@ForAll("values") String first, @ForAll("values") String second, @ForAll("values") String third)
            throws Exception {
        String object = "{\"a\": " + first + ", \"b\": [" + second + ", " + third + "]}";
        String old = "{\"status\": " + third + ", \"b\": [" + first + ", " + third + "], \"a\": " + first + "}";
        var some = new JsonTrees(Set.of("status", "spec"));
        var cursor = new JsonCursor(bytes("[" + object + "," + old + "]"));

        cursor.enter(cursor.peek());
        JsonNode mine = some.value(cursor);
        cursor.next((byte) '[');
        JsonNode twin = some.value(cursor, mine);

        assertThat(twin).isEqualTo(tree(some, bytes(old)));
        assertThat(mine).isEqualTo(tree(some, bytes(object)));
        assertThat(cursor.next((byte) '[')).isFalse();
        if (mine.path("a").isContainerNode()) {
            assertThat(twin.path("a")).isSameAs(mine.path("a"));
        }
    }

    @Example
    @Label("is as deep as we allow and no deeper, with an error and not with a broken stack")
    void depth() throws Exception {
        String deepest = "[".repeat(JsonCursor.MAX_DEPTH) + "]".repeat(JsonCursor.MAX_DEPTH);

        assertThat(tree(bytes(deepest)).size()).isEqualTo(1);
        assertThatExceptionOfType(BadReviewException.class).isThrownBy(() -> tree(bytes("[" + deepest + "]")));
    }

    @Example
    @Label("leaves the objects and lists of named fields as bytes, equal where these are")
    void unparsed() throws Exception {
        var some = new JsonTrees(Set.of("env"));
        JsonNode first = tree(some, bytes("{\"a\": {\"env\": [{\"name\": \"X\"}], \"labels\": {\"env\": \"prod\"}}}"));
        JsonNode same = tree(some, bytes("{ \"a\":{\"env\":[{\"name\": \"X\"}],\"labels\":{\"env\":\"prod\"}}}"));
        JsonNode other = tree(some, bytes("{\"a\": {\"env\": [{\"name\": \"Y\"}], \"labels\": {\"env\": \"prod\"}}}"));

        assertThat(first).isEqualTo(same).isNotEqualTo(other);
        assertThat(first.at("/a/env").isPojo()).isTrue();
        assertThat(first.at("/a/labels/env").asText()).isEqualTo("prod");
    }

    @Provide
    Arbitrary<String> recordings() {
        return Arbitraries.of("deployment-create", "deployment-update", "policy-create");
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.recursive(this::leaves, this::containers, 0, 4);
    }

    private Arbitrary<String> leaves() {
        Arbitrary<String> words = Arbitraries.of(
                "true",
                "false",
                "null",
                "\"\"",
                "0",
                "-0",
                "-1",
                "30",
                "2147483647",
                "2147483648",
                "-2147483649",
                "999999999999999999",
                "9223372036854775807",
                "-9223372036854775808",
                "123456789012345678901234567890",
                "1e400",
                "4.5",
                "-0.0e-3",
                "1E+2",
                "\"\\u0000\\n\\ud83d\\\"\\\\\"",
                "\"a long text without anything special that spans several words\"",
                "\"Stra\u00dfe \u4e2d \ud83d\ude00\"");
        return Arbitraries.oneOf(
                words,
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.doubles().map(String::valueOf),
                Arbitraries.strings().ofMaxLength(20).map(JsonTreesTest::quoted));
    }

    private Arbitrary<String> containers(Arbitrary<String> value) {
        Arbitrary<String> space = Arbitraries.of("", "", "", " ", "\n\t\r ");
        Arbitrary<String> spaced = Combinators.combine(space, value, space).as((a, b, c) -> a + b + c);
        Arbitrary<String> name = Arbitraries.oneOf(
                Arbitraries.of(
                        "\"a\"", "\"b\"", "\"spec\"", "\"\"", "\"with \\\"escapes\\u0041\"", "\"Gr\u00f6\u00dfe\""),
                Arbitraries.strings().ofMaxLength(70).map(JsonTreesTest::quoted));
        Arbitrary<String> member =
                Combinators.combine(space, name, space, spaced).as((a, n, b, v) -> a + n + b + ":" + v);
        return Arbitraries.oneOf(
                spaced.list().ofMaxSize(4).map(list -> "[" + String.join(",", list) + "]"),
                member.list().ofMaxSize(4).map(list -> "{" + String.join(",", list) + "}"),
                Arbitraries.just("{ }"),
                Arbitraries.just("[ ]"));
    }

    private static String quoted(String text) {
        try {
            return JACKSON.writeValueAsString(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private JsonNode tree(byte[] text) throws BadReviewException {
        return tree(trees, text);
    }

    private static JsonNode tree(JsonTrees trees, byte[] text) throws BadReviewException {
        var cursor = new JsonCursor(text);
        JsonNode tree = trees.value(cursor);
        cursor.finish();
        return tree;
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
