package io.gracekeeper.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.runtime.Configuration;
import io.gracekeeper.runtime.ConfigurationException;
import io.gracekeeper.runtime.ProcessKind;
import io.gracekeeper.webhook.AdmissionPath;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Chart and code agree")
class AgreementTest {
    private static final Pattern KEY = Pattern.compile(Configuration.PREFIX + "[A-Z_]+");

    @Test
    @DisplayName("on the paths of reviews: each is called, and no other")
    void onPaths() {
        Rendered rendered = Chart.render();
        Stream<String> called = Stream.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
                .flatMap(kind ->
                        Rendered.stream(rendered.get(kind, Chart.RELEASE).get("webhooks")))
                .map(webhook -> webhook.at("/clientConfig/service/path").asText());
        assertThat(called.distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(AdmissionPath.values())
                        .map(AdmissionPath::path)
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("on the variables of the configuration: the chart sets every one that the process knows, and no other")
    void onVariables(ProcessKind process) {
        var refusal = catchThrowableOfType(
                ConfigurationException.class,
                () -> Configuration.from(Map.of(Configuration.PREFIX + "NO_SUCH_VARIABLE", "x"), process));
        List<String> known = KEY.matcher(refusal.getMessage().replaceFirst("(?s).*known are", ""))
                .results()
                .map(match -> match.group())
                .toList();
        assertThat(env(process).keySet()).containsExactlyInAnyOrderElementsOf(known);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("on what is in them: the process reads from the chart's variables the names of the chart's objects")
    void onNames(ProcessKind process) {
        var configuration = Configuration.from(env(process), process);
        Rendered rendered = Chart.render();
        rendered.get("Service", configuration.webhookService());
        rendered.get("MutatingWebhookConfiguration", configuration.webhookConfiguration());
        rendered.get("ValidatingWebhookConfiguration", configuration.webhookConfiguration());
        rendered.get("Namespace", configuration.canaryNamespace());
        assertThat(rendered.get("Role", "gracekeeper-webhook").toString()).contains(configuration.tlsSecret());
        assertThat(configuration.limits().maxTerminationGracePeriodSeconds()).isEqualTo(3600);
        assertThat(configuration.maxConcurrentRetrofits()).isEqualTo(10);
        assertThat(configuration.shutdown()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("on registered kinds: what the values' schema lets through, the process takes")
    void onKinds(ProcessKind process) {
        Map<String, String> env = env(process, """
                workloadKinds:
                - {group: argoproj.io, version: v1alpha1, kind: Rollout, resource: rollouts, templatePath: spec.template,
                   controllers: ["system:serviceaccount:argo:rollouts"]}
                """);
        assertThat(Configuration.from(env, process).workloadKinds())
                .singleElement()
                .satisfies(registered -> {
                    assertThat(registered.kind().templatePath()).containsExactly("spec", "template");
                    assertThat(registered.kind().controllers()).containsExactly("system:serviceaccount:argo:rollouts");
                    assertThat(registered.resource()).isEqualTo("rollouts");
                });
    }

    private static Map<String, String> env(ProcessKind process) {
        return env(process, "{}");
    }

    private static Map<String, String> env(ProcessKind process, String values) {
        Map<String, String> env = new HashMap<>();
        for (JsonNode variable : Rendered.container(Chart.render(values).deployment(process.word()))
                .get("env")) {
            // Those that Kubernetes fills in are names.
            env.put(
                    variable.get("name").asText(),
                    variable.has("value") ? variable.get("value").asText() : "filled-in");
        }
        return env;
    }
}
