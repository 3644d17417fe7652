package io.gracekeeper.e2e.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Command;
import io.gracekeeper.policy.cases.Case;
import io.gracekeeper.policy.cases.Cases;
import io.gracekeeper.policy.cases.Expected.ExpectedViolation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The corpus at the last of its doors: kubectl, a real API server with its defaults and its own validation, TLS, the webhook, and
 * what kubectl prints. Cases under the same policies share a namespace.
 */
@DisplayName("Of a case of the corpus, kubectl prints what every door says:")
@OnRealApiServer
class CorpusApiServerIT {
    /** Where the API server takes a stopSignal at all, it asks by itself that it be one, and one of spec.os.name. */
    static final Set<String> REFUSED_WITH_STOP_SIGNALS =
            Set.of("StopSignal/no-os", "StopSignal/no-signal", "StopSignal/windows");

    private ApiServer server;
    private final List<CorpusNamespace> namespaces = new ArrayList<>();

    @BeforeAll
    void start(ApiServer server) {
        this.server = server;
    }

    @AfterAll
    void stop() {
        namespaces.forEach(CorpusNamespace::close);
    }

    @TestFactory
    Stream<DynamicNode> cases() {
        Map<Object, List<Case>> byPolicies = Cases.all(Instant.now()).stream()
                .collect(Collectors.groupingBy(
                        // Objects that are there already belong to their case alone.
                        one -> one.oldObject() == null && one.makers().isEmpty() ? one.policyDocuments() : one,
                        LinkedHashMap::new,
                        Collectors.toList()));
        return byPolicies.values().stream()
                .map(cases -> dynamicContainer(
                        "under the policies of " + cases.getFirst(),
                        Stream.of(cases).flatMap(this::inOneNamespace)));
    }

    /** Lazily: the policies of one group come when those of the last one have gone. */
    private Stream<DynamicNode> inOneNamespace(List<Case> cases) {
        namespaces.forEach(CorpusNamespace::close);
        namespaces.clear();
        CorpusNamespace namespace = CorpusNamespace.of(server, cases.getFirst());
        namespaces.add(namespace);
        return cases.stream().map(one -> dynamicTest(one.toString(), () -> says(one, namespace.apply(one))));
    }

    private static void says(Case one, Command.Result result) {
        if (one.apiServer() == Case.ApiServer.REFUSES || REFUSED_WITH_STOP_SIGNALS.contains(one.toString())) {
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).doesNotContain("(gsp/", "(cgsp/");
            return;
        }
        StringBuilder expected = new StringBuilder();
        one.expected()
                .warnings()
                .forEach(warning -> expected.append("Warning: ").append(warning).append('\n'));
        if (!one.expected().allowed()) {
            expected.append(refusal(one.object(), said(one, result.err())));
        }
        assertThat(ours(one.object(), result.err())).isEqualTo(expected.toString());
        assertThat(result.exitCode()).isEqualTo(one.expected().allowed() ? 0 : 1);
    }

    /** Without the API server's own warnings, and without the end of a name that it makes up. */
    private static String ours(JsonNode object, String printed) {
        String generated = object.at("/metadata/generateName").asText();
        String known =
                generated.isEmpty() ? printed : printed.replaceAll(generated + "[a-z0-9]{5}\"", generated + "\"");
        return known.lines()
                .filter(line -> !line.startsWith("Warning: ") || line.startsWith("Warning: gracekeeper: "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    /** Those of the violations that kubectl prints: the others are warned of, or mended by injection. At least one has to be left. */
    private static List<String> said(Case one, String printed) {
        List<String> said = one.expected().violations().stream()
                .map(CorpusApiServerIT::cause)
                .filter(printed::contains)
                .toList();
        assertThat(said).as("violations that are printed, of: %s", printed).isNotEmpty();
        return said;
    }

    private static String cause(ExpectedViolation violation) {
        return violation.field() + ": " + violation.message();
    }

    private static String refusal(JsonNode object, List<String> causes) {
        String first = "The " + object.path("kind").asText() + " \""
                + object.at("/metadata/name")
                        .asText(object.at("/metadata/generateName").asText()) + "\" is invalid: ";
        return causes.size() == 1
                ? first + causes.getFirst() + "\n"
                : first + "\n"
                        + causes.stream().map(cause -> "* " + cause + "\n").collect(Collectors.joining());
    }
}
