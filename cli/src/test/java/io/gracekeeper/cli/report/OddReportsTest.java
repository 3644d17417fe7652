package io.gracekeeper.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gracekeeper.cli.CommandLineRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Names that a manifest or a file may have, whatever Kubernetes says of them, in each format that has rules of its own. */
@DisplayName("A report about odd names")
class OddReportsTest {
    /** As the container's name has it once the manifest is read. */
    private static final String ODD = "a\u0001\t\r\n%0A::error::,<b>&\"']]>\uD83D\uDEA2é\u2028\uFFFE";

    private static final String QUOTED = "\"a\\x01\\t\\r\\n%0A::error::,<b>&\\\"']]>\\U0001F6A2é\\u2028\\uFFFE\"";

    @TempDir
    Path folder;

    private String policy = "";

    @BeforeEach
    void writePolicy() throws IOException {
        policy = Files.writeString(folder.resolve("policy.yaml"), """
                        apiVersion: gracekeeper.io/v1alpha1
                        kind: GracefulShutdownPolicy
                        metadata: {name: web, namespace: shop}
                        spec:
                          match: {kinds: [Deployment, CronJob]}
                          profile: Web
                          requirements: {maxTerminationGracePeriodSeconds: 120}
                          validation: {actions: [Deny], rules: [{rule: ReadinessProbe, actions: [Warn]}, {rule: HookWorks, actions: [Audit]}]}
                        """).toString();
    }

    private String report(String format, String file, String manifests) throws IOException {
        Path path = Files.writeString(folder.resolve(file), manifests);
        return CommandLineRun.of("check", "--policy", policy, "-o", format, path.toString())
                .out();
    }

    private static String deployment(String name, String container) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s, namespace: shop}
                spec:
                  template:
                    spec:
                      containers:
                        - name: %s
                          ports: [{containerPort: 80}]
                          lifecycle: {preStop: {exec: {command: [/script]}}}
                          command: [sh, -c, server]
                """.formatted(name, container);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"plain.yaml", "with space.yaml", "a:b.yaml", "100%#?x.yaml", "schön 🚢.yaml", "[1]{2}.yaml"})
    @DisplayName("in SARIF is valid by OASIS' own schema, and its URI finds the file again")
    void sarif(String file) throws IOException {
        String manifests = deployment("ok", QUOTED) + "---\n" + deployment(QUOTED, "app") + "---\na: [\n---\n"
                + deployment("third", "app").replace("lifecycle", "terminationMessagePath");
        String report = report("sarif", file, manifests);

        assertThat(errors(report)).isEmpty();
        JsonNode run = new ObjectMapper().readTree(report).at("/runs/0");
        assertThat(run.path("results").size()).isGreaterThan(6);
        assertThat(run.path("results").findValuesAsText("level")).contains("error", "warning", "note");
        for (String uri : run.findValuesAsText("uri")) {
            assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(uri)).isTrue();
            assertThat(Path.of("/").toUri().resolve(uri))
                    .isEqualTo(folder.resolve(file).toUri());
        }
    }

    @Test
    @DisplayName("in SARIF names a file whose first part has a colon so that nobody takes that for a scheme")
    void schemes() {
        assertThat(SarifReport.uri("a:b/c d.yaml")).isEqualTo("./a%3Ab/c%20d.yaml".replace("%3A", ":"));
        assertThat(URI.create(SarifReport.uri("a:b/c d.yaml")).getPath()).isEqualTo("./a:b/c d.yaml");
        assertThat(SarifReport.uri("<stdin>")).isEqualTo("%3Cstdin%3E");
        assertThat(SarifReport.uri("k8s/checkout.yaml")).isEqualTo("k8s/checkout.yaml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "---\n---\n", "a: [", "\t- x", "kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n"})
    @DisplayName("in SARIF is valid where there is nothing to say, and where nothing can be read")
    void sarifOfNothing(String manifests) throws IOException {
        assertThat(errors(report("sarif", "x.yaml", manifests))).isEmpty();
    }

    @Test
    @DisplayName("in SARIF would be told by that schema if it were wrong")
    void schemaTells() throws IOException {
        ObjectNode log = (ObjectNode) new ObjectMapper().readTree(report("sarif", "x.yaml", deployment("a", "b")));
        ((ObjectNode) log.at("/runs/0/results/0")).put("level", "fatal").put("ruleIndex", -2);
        ((ObjectNode) log.at("/runs/0/results/0/locations/0/physicalLocation/region")).put("startLine", 0);
        ((ObjectNode) log.at("/runs/0")).put("x", 1);
        ((ObjectNode) log.at("/runs/0/tool/driver")).put("informationUri", "no uri");
        assertThat(errors(log.toString())).hasSizeGreaterThanOrEqualTo(5);
    }

    private static List<String> errors(String report) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(OddReportsTest.class.getResourceAsStream("/sarif/sarif-schema-2.1.0.json"))) {
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
                    .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
            return schema
                    .validate(
                            report,
                            InputFormat.JSON,
                            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                    .stream()
                    .map(Object::toString)
                    .toList();
        }
    }

    @Test
    @DisplayName("in JUnit is well-formed XML 1.0 that says the same, but for what XML has no way to write")
    void junit() throws Exception {
        String report = report("junit", "a&b <c>.yaml", deployment("ok", QUOTED) + "---\n" + deployment(QUOTED, "app"));
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(report)));

        NodeList cases = document.getElementsByTagName("testcase");
        assertThat(cases.getLength()).isEqualTo(2);
        Element first = (Element) cases.item(0);
        assertThat(first.getAttribute("classname"))
                .isEqualTo(folder.resolve("a&b <c>.yaml").toString());
        String xml = ODD.replace('\u0001', '\uFFFD').replace('\uFFFE', '\uFFFD').replace('\r', '\uFFFD');
        List<String> messages = new ArrayList<>();
        NodeList failures = document.getElementsByTagName("failure");
        for (int i = 0; i < failures.getLength(); i++) {
            messages.add(((Element) failures.item(i)).getAttribute("message"));
        }
        assertThat(messages).anyMatch(message -> message.contains(xml));
        assertThat(((Element) cases.item(1)).getAttribute("name")).isEqualTo("Deployment shop/" + xml);
    }

    @Test
    @DisplayName("in GitHub's commands is one command for each finding, whatever the names would command")
    void github() throws IOException {
        List<String> lines = report(
                        "github", "a,b::c=1 %0A.yaml", deployment("ok", QUOTED) + "---\n" + deployment(QUOTED, "app"))
                .lines()
                .toList();

        Pattern command = Pattern.compile(
                "::(error|warning|notice) file=([^,:]+),line=\\d+,col=\\d+,title=([^,:]+)::(.*)", Pattern.DOTALL);
        for (String line : lines) {
            Matcher matcher = command.matcher(line);
            assertThat(line).matches(command);
            assertThat(matcher.matches()).isTrue();
            assertThat(unescaped(matcher.group(2)))
                    .isEqualTo(folder.resolve("a,b::c=1 %0A.yaml").toString());
        }
        assertThat(lines)
                .anyMatch(line ->
                        unescaped(line.substring(line.indexOf("::", 2) + 2)).contains("\"" + ODD + "\""))
                .anyMatch(line -> line.contains("title=ReadinessProbe%3A Deployment shop/" + property(ODD) + "::"));
    }

    /** As @actions/core escapes properties. */
    private static String property(String text) {
        return text.replace("%", "%25")
                .replace("\r", "%0D")
                .replace("\n", "%0A")
                .replace(":", "%3A")
                .replace(",", "%2C");
    }

    private static String unescaped(String text) {
        return text.replace("%2C", ",")
                .replace("%3A", ":")
                .replace("%0A", "\n")
                .replace("%0D", "\r")
                .replace("%25", "%");
    }
}
