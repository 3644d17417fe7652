package io.gracekeeper.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Reading manifests")
class ManifestReaderTest {
    private static final class Collected implements ManifestReader.Sink {
        final List<ManifestObject> objects = new ArrayList<>();
        final List<String> problems = new ArrayList<>();

        @Override
        public void object(ManifestObject object) {
            objects.add(object);
        }

        @Override
        public void unreadable(Unreadable problem) {
            problems.add(problem.display());
        }

        String json() {
            return objects.stream().map(object -> object.json().toString()).collect(Collectors.joining("\n"));
        }
    }

    private static Collected read(String text) {
        var collected = new Collected();
        ManifestReader.read(InputText.of("f.yaml", text), collected);
        return collected;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 60, 1000})
    @DisplayName("part by part gives what reading the whole gives, whatever the size of a part")
    void readsInParts(int chars) {
        String text =
                "a: 1\n---\n\n---\nb: [1\n---\n%YAML 1.2\n---\nc: {x: \u00e4}\n...\n# nothing\n---\nd: |\n  ---x\n--- {\"e\": 2}\n";
        Collected whole = read(text);
        var inParts = new Collected();

        ManifestReader.parts(InputText.of("f.yaml", text), chars).forEach(part -> part.read(inParts));

        assertThat(inParts.json()).isEqualTo(whole.json());
        assertThat(inParts.problems).isEqualTo(whole.problems).isNotEmpty();
        assertThat(inParts.objects).hasSizeGreaterThan(2);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "off|false",
                "yes|true",
                "Y|true",
                "n|false",
                "On|true",
                "tRue|\"tRue\"",
                "'off'|\"off\"",
                "\"30\"|\"30\"",
                "30|30",
                "30.0|30",
                "3e1|30",
                "1.5|1.5",
                "010|8",
                "08|8",
                "0x1F|31",
                "0o17|15",
                "0b101|5",
                "-0b11|-3",
                "1_000|1000",
                "+5|5",
                "1:30|\"1:30\"",
                "~|null",
                "Null|null",
                "2026-11-24|\"2026-11-24\"",
                "12e03x|\"12e03x\"",
                "9223372036854775807|9223372036854775807",
                "18446744073709551615|18446744073709551615",
                "!!str 30|\"30\"",
                "!!int \"30\"|30",
                "-|\"-\"",
                ".5|0.5",
                "0|0",
                "_|\"_\""
            })
    @DisplayName("gives scalars the meaning that kubectl gives them")
    void readsScalarsAsKubectl(String written, String meant) {
        assertThat(read("k: " + (written.equals("-") ? "'-'" : written)).json()).isEqualTo("{\"k\":" + meant + "}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a tab as indentation|`a:\n\tb: 1`|f.yaml:2:1",
                "a duplicate key|`a: 1\nb: 2\na: 3`|f.yaml:3:1: the key \"a\" is there twice",
                "an alias without anchor|`a: *nowhere`|f.yaml:1:4: the alias *nowhere has no anchor before it",
                "an alias inside of its anchor|`a: &x [*x]`|f.yaml:1:8: the alias *x has no anchor before it",
                "a bracket that is never closed|`a: [1, 2`|f.yaml:1",
                "JSON that is none|`{\"a\": 1,, }`|f.yaml:1:9",
                "a merge of a scalar|`a: {<<: 3}`|f.yaml:1:5: << can merge nothing but mappings",
                "a list as a key|`? [a]\n: b`|f.yaml:1:3: a key has to be a string",
                "infinity|`a: .inf`|f.yaml:1:4: .inf is a number that JSON can't hold; put it in quotes",
                "a Helm template|`a: {{ .Values.x }}`|f.yaml:1"
            })
    @DisplayName("tells the place of what it can't read")
    void tellsThePlace(String what, String text, String problem) {
        Collected read = read(text);

        assertThat(read.problems).singleElement().asString().startsWith(problem);
    }

    @Test
    @DisplayName("advises to render what looks like a Helm template")
    void knowsHelmTemplates() {
        assertThat(read("a: {{ .Values.x }}").problems.getFirst()).contains("helm template CHART | kubectl");
    }

    @Test
    @DisplayName("goes on at the next document behind a broken one, whatever broke it")
    void resumesAtTheNextDocument() {
        Collected read = read("""
                a: 1
                ---
                b: [
                ---
                # nothing here
                ---
                c: "never closed
                --- # a comment
                d: 1
                ...
                ---
                e: |
                  ---
                  text
                """);

        assertThat(read.json()).isEqualTo("{\"a\":1}\n{\"d\":1}\n{\"e\":\"---\\ntext\\n\"}");
        assertThat(read.problems).hasSize(2);
    }

    @Test
    @DisplayName("takes CRLF, a byte order mark, directives and documents of JSON in turn with YAML")
    void takesWhatOthersWrite() {
        String text = "%YAML 1.1\r\n---\r\na: 1\r\nb:\r\n- x\r\n---\r\n{\"c\": [true]}\r\n{\"d\": 2}\r\n";
        var collected = new Collected();
        byte[] bytes = ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
        ManifestReader.read(InputText.decode("f.yaml", null, bytes), collected);

        assertThat(collected.problems).isEmpty();
        assertThat(collected.json()).isEqualTo("{\"a\":1,\"b\":[\"x\"]}\n{\"c\":[true]}\n{\"d\":2}");
    }

    @Test
    @DisplayName("hands out the items of a List, in YAML and in JSON")
    void unfoldsLists() {
        assertThat(read("apiVersion: v1\nitems:\n- {kind: A}\n- {kind: B}\nkind: List\n")
                        .json())
                .isEqualTo("{\"kind\":\"A\"}\n{\"kind\":\"B\"}");
        assertThat(read("{\"kind\": \"List\", \"items\": [{\"kind\": \"A\"}, {\"kind\": \"B\"}]}")
                        .json())
                .isEqualTo("{\"kind\":\"A\"}\n{\"kind\":\"B\"}");
    }

    @Test
    @DisplayName("follows anchors, and merges as go-yaml does: what comes later wins")
    void mergesLikeGo() {
        assertThat(read("k: &k {a: 1, b: 2}\nm: {a: 0, <<: *k, b: 3}\no: *k").json())
                .isEqualTo("{\"k\":{\"a\":1,\"b\":2},\"m\":{\"a\":1,\"b\":3},\"o\":{\"a\":1,\"b\":2}}");
    }

    @Test
    @DisplayName("refuses a YAML bomb before it goes off")
    void refusesBombs() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String before = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " [" + String.join(", ", Collections.nCopies(10, before)) + "]\n");
        }

        assertThat(read(bomb.toString()).problems).singleElement().asString().contains("YAML bomb");
    }

    @Test
    @DisplayName("refuses nesting without end, in YAML and in JSON")
    void refusesDepth() {
        assertThat(read("a: " + "[".repeat(100_000)).problems)
                .singleElement()
                .asString()
                .contains("nested deeper");
        assertThat(read("{\"a\": " + "[".repeat(100_000)).problems)
                .singleElement()
                .asString()
                .containsAnyOf("nested deeper", "nesting depth");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"YAML, 'k: 1\na: \"', '\"', 2", "JSON, '{\"k\": 1,\n\"a\": \"', '\"}', 2", "comment, 'k: 1\n# ', '', 1"
    })
    @DisplayName("refuses a value or comment that no API server would take, where it begins")
    void boundsValues(String what, String before, String after, int line) {
        assertThat(read(before + "x".repeat(BoundedReader.MAX_AT_ONCE + 20_000) + after).problems)
                .singleElement()
                .asString()
                .startsWith("f.yaml:" + line + ":")
                .contains("has a value or comment of more than 4000000 characters");
        assertThat(read(before + "x".repeat(BoundedReader.MAX_AT_ONCE - 20_000) + after).problems)
                .isEmpty();
    }

    @Test
    @DisplayName("takes empty documents for nothing, and NUL for no blank")
    void emptyDocuments() {
        assertThat(read("---\n---\n--- # nothing\n...\n---\r\n\t\n---\na: 1\n---")
                        .json())
                .isEqualTo("{\"a\":1}");
        assertThat(read("\0\0").problems).containsExactly("f.yaml:1:1: the character U+0000 is not allowed in YAML");
    }

    @Test
    @DisplayName("refuses one object that no API server would take, and reads a List of any length")
    void boundsObjects() {
        String fields = IntStream.range(0, ObjectReader.MAX_NODES)
                .mapToObj(i -> "k" + i + ": 1\n")
                .collect(Collectors.joining());
        assertThat(read(fields).problems).singleElement().asString().contains("more than an API server takes");

        int[] items = {0};
        String list = "kind: List\nitems:\n" + "- {kind: A, a: [1, 2, 3, 4, 5, 6, 7, 8]}\n".repeat(80_000);
        ManifestReader.read(InputText.of("f.yaml", list), new ManifestReader.Sink() {
            @Override
            public void object(ManifestObject object) {
                items[0]++;
            }

            @Override
            public void unreadable(Unreadable problem) {
                throw new AssertionError(problem.display());
            }
        });
        assertThat(items[0]).isEqualTo(80_000);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "spec.grace, 4, 3",
        "spec.containers[app].ports, 7, 7",
        "spec.containers[1].name, 8, 7",
        "spec.containers[app].lifecycle.preStop, 6, 7",
        "spec.missing.deeper, 3, 1",
        "metadata.annotations[a.b/c], 2, 27"
    })
    @DisplayName("knows where a field stands, or what should contain it")
    void knowsPlaces(String field, int line, int column) {
        Collected read = read("""
                kind: A
                metadata: {annotations: { "a.b/c": d}}
                spec:
                  grace: 4
                  containers:
                    - name: "app"
                      ports: []
                    - name: other
                """);

        assertThat(read.objects.getFirst().position(field)).isEqualTo(new Position(line, column));
    }

    @Test
    @DisplayName("counts columns in characters, also behind emoji, and places in JSON")
    void countsColumns() {
        assertThat(read("a: {\"\uD83D\uDE00\": 1, b: 2}").objects.getFirst().position("a.b"))
                .isEqualTo(new Position(1, 13));
        assertThat(read("{\n  \"a\": {\n    \"b\": 1}}").objects.getFirst().position("a.b"))
                .isEqualTo(new Position(3, 5));
    }

    @Test
    @DisplayName("says what it was given that is no text in UTF-8")
    void refusesOtherEncodings() {
        assertThat(decodingProblem(new byte[] {-1, -2, 'a', 0})).contains("UTF-16");
        assertThat(decodingProblem(new byte[] {'a', '\n', (byte) 0xC3, '('})).contains("line 2");
        assertThat(read("a: \u0001").problems)
                .singleElement()
                .asString()
                .startsWith("f.yaml:1:4: the character U+0001");
    }

    private static String decodingProblem(byte[] bytes) {
        try {
            InputText.decode("f", null, bytes);
            return "";
        } catch (SyntaxProblem problem) {
            return problem.problem();
        }
    }
}
