package io.gracekeeper.policy.cases;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.policy.PolicyInputs;
import io.gracekeeper.policy.Surroundings;
import io.gracekeeper.policy.SurroundingsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads the corpus. A file may say <code>${now+90d}</code> or <code>${now-2h}</code> where it needs a time: exceptions and broken
 * glasses end by the clock, and some doors have a real one.
 */
public final class Cases {
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TIME = Pattern.compile("\\$\\{now([+-])([0-9]+)([dhm])}");

    private Cases() {}

    /** The folder of the corpus, from wherever in the project a test runs. */
    public static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.isDirectory(here.resolve("testdata/cases"))) {
            here = here.getParent();
        }
        if (here == null) {
            throw new IllegalStateException(
                    "no testdata/cases above " + Path.of("").toAbsolutePath());
        }
        return here.resolve("testdata/cases");
    }

    /** All cases, by rule and name. */
    public static List<Case> all(Instant now) {
        List<Case> cases = new ArrayList<>();
        for (Path rule : folders(root())) {
            for (Path folder : folders(rule)) {
                cases.add(read(folder, now));
            }
        }
        return cases;
    }

    /** Reads one. */
    public static Case read(Path folder, Instant now) {
        List<JsonNode> policies = documents(folder.resolve("policy.yaml"), now);
        List<JsonNode> old = documents(folder.resolve("old.yaml"), now);
        Path around = folder.resolve("surroundings.yaml");
        return new Case(
                folder,
                String.valueOf(folder.getParent().getFileName()),
                String.valueOf(folder.getFileName()),
                policies,
                inputs(policies),
                documents(folder.resolve("object.yaml"), now).get(0),
                old.isEmpty() ? null : old.get(0),
                documents(folder.resolve("makers.yaml"), now),
                Files.exists(around) ? surroundings(documents(around, now)) : Surroundings.NONE,
                expected(folder, now),
                apiServer(root().relativize(folder.toAbsolutePath()).toString()));
    }

    /** Writes what is expected, with the placeholders of the other files for their times. */
    static void write(Path folder, Expected expected, Instant now) {
        try {
            String text = YAML.writeValueAsString(expected);
            for (String name : List.of("policy.yaml", "object.yaml")) {
                Matcher times = TIME.matcher(Files.readString(folder.resolve(name)));
                while (times.find()) {
                    text = text.replace(inTime(times.group(), now), times.group());
                }
            }
            Files.writeString(folder.resolve("expected.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Expected expected(Path folder, Instant now) {
        List<JsonNode> documents = documents(folder.resolve("expected.yaml"), now);
        return documents.isEmpty()
                ? new Expected("", "", List.of(), true, List.of(), List.of())
                : convert(documents.get(0), Expected.class);
    }

    private static Case.ApiServer apiServer(String name) {
        JsonNode known = documents(root().resolveSibling("api-server.yaml"), Instant.EPOCH)
                .get(0);
        return contains(known.path("refuses"), name)
                ? Case.ApiServer.REFUSES
                : contains(known.path("dropsStopSignal"), name)
                        ? Case.ApiServer.DROPS_STOP_SIGNAL
                        : Case.ApiServer.SAME;
    }

    private static boolean contains(JsonNode names, String name) {
        return StreamSupport.stream(names.spliterator(), false)
                .anyMatch(one -> one.asText().equals(name));
    }

    private static Surroundings surroundings(List<JsonNode> objects) {
        var reader = new SurroundingsReader();
        objects.forEach(reader::read);
        return reader.complete().surroundings();
    }

    private static PolicyInputs inputs(List<JsonNode> documents) {
        List<GracefulShutdownPolicy> policies = new ArrayList<>();
        List<ClusterGracefulShutdownPolicy> clusterPolicies = new ArrayList<>();
        List<ShutdownException> exceptions = new ArrayList<>();
        Map<String, Map<String, String>> namespaces = new HashMap<>();
        for (JsonNode document : documents) {
            switch (document.path("kind").asText()) {
                case "GracefulShutdownPolicy" -> policies.add(convert(document, GracefulShutdownPolicy.class));
                case "ClusterGracefulShutdownPolicy" ->
                    clusterPolicies.add(convert(document, ClusterGracefulShutdownPolicy.class));
                case "ShutdownException" -> exceptions.add(convert(document, ShutdownException.class));
                case "Namespace" ->
                    namespaces.put(document.at("/metadata/name").asText(), labels(document.at("/metadata/labels")));
                default -> throw new IllegalArgumentException("not for policy.yaml: " + document);
            }
        }
        return new PolicyInputs(policies, clusterPolicies, exceptions, namespaces);
    }

    private static Map<String, String> labels(JsonNode node) {
        Map<String, String> labels = new HashMap<>();
        node.properties()
                .forEach(entry -> labels.put(entry.getKey(), entry.getValue().asText()));
        return labels;
    }

    private static <T> T convert(JsonNode node, Class<T> type) {
        try {
            return JSON.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(node.toString(), e);
        }
    }

    private static List<JsonNode> documents(Path file, Instant now) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(inTime(Files.readString(file), now))) {
            // Through text, as over a wire: numbers get the types that a parser of JSON gives them.
            List<JsonNode> all = new ArrayList<>();
            for (JsonNode document : documents.readAll()) {
                all.add(JSON.readTree(document.toString()));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    private static String inTime(String text, Instant now) {
        return TIME.matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(time(match.group(1), match.group(2), match.group(3), now)));
    }

    private static String time(String sign, String amount, String unit, Instant now) {
        long number = Long.parseLong(sign + amount);
        Duration duration = switch (unit) {
            case "d" -> Duration.ofDays(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofMinutes(number);
        };
        return now.truncatedTo(ChronoUnit.SECONDS).plus(duration).toString();
    }

    private static List<Path> folders(Path parent) {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
