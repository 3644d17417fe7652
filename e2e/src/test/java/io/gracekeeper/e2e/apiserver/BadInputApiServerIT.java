package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.e2e.machine.Command;
import io.gracekeeper.e2e.machine.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Bad input gets a clear answer, never a failure of ours:")
@OnRealApiServer
class BadInputApiServerIT {
    private WebhookUnderTest webhook;
    private Kubectl denying;
    private Kubectl injecting;

    @BeforeAll
    void start(ApiServer server) {
        webhook = server.webhook();
        denying = webhook.namespaceWith(demanding("validation: {actions: [Deny]}"));
        injecting = webhook.namespaceWith(demanding("validation: {actions: [Deny]}, injection: {mode: Apply}"));
    }

    @AfterEach
    void noFailureOfOurs() {
        assertThat(webhook.reviews("mutate_workloads", "failed")).isZero();
        assertThat(webhook.reviews("validate_workloads", "failed")).isZero();
        assertThat(webhook.reviews("mutate_workloads", "malformed")).isZero();
        assertThat(webhook.reviews("validate_workloads", "malformed")).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("refused, with or without injection:")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            grace 0              | {terminationGracePeriodSeconds: 0, containers: [{name: app, image: a}]}     | 0 means SIGKILL at once
            negative grace       | {terminationGracePeriodSeconds: -5, containers: [{name: app, image: a}]}    | terminationGracePeriodSeconds
            a tcpSocket hook     | {terminationGracePeriodSeconds: 60, containers: [{name: app, image: a, ports: [{containerPort: 8080}], lifecycle: {preStop: {tcpSocket: {port: 8080}}}}]} | preStop.tcpSocket, which fails at run time
            unknown length       | {terminationGracePeriodSeconds: 60, containers: [{name: app, image: a, ports: [{containerPort: 8080}], lifecycle: {preStop: {exec: {command: [/drain.sh]}}}}]} | nobody can tell how long the hook of container "app" takes (exec "/drain.sh")
            an httpGet hook      | {terminationGracePeriodSeconds: 60, containers: [{name: app, image: a, ports: [{containerPort: 8080}], lifecycle: {preStop: {httpGet: {port: 8080, path: /}}}}]} | ends with the first answer, whatever its status
            a hook of two kinds  | {terminationGracePeriodSeconds: 60, containers: [{name: app, image: a, ports: [{containerPort: 8080}], lifecycle: {preStop: {exec: {command: [x]}, sleep: {seconds: 30}}}}]} | may not specify more than 1 handler type
            a hook without kind  | {terminationGracePeriodSeconds: 60, containers: [{name: app, image: a, ports: [{containerPort: 8080}], lifecycle: {preStop: {}}}]} | must specify a handler type
            no name              | {terminationGracePeriodSeconds: 60, containers: [{image: a, ports: [{containerPort: 8080}]}]} | containers[0].name: Required value
            the same name twice  | {terminationGracePeriodSeconds: 60, containers: [{name: app, image: a, ports: [{containerPort: 8080}]}, {name: app, image: a, ports: [{containerPort: 8081}]}]} | Duplicate value
            no containers        | {terminationGracePeriodSeconds: 60, containers: []}                         | containers: Required value
            null for containers  | {terminationGracePeriodSeconds: 60, containers: null}                       | containers: Required value
            a word for a number  | {terminationGracePeriodSeconds: long, containers: [{name: app, image: a}]}  | terminationGracePeriodSeconds
            a huge number        | {terminationGracePeriodSeconds: 1e30, containers: [{name: app, image: a}]}  | terminationGracePeriodSeconds
            """)
    void refused(String what, String podSpec, String why) {
        for (Kubectl kubectl : new Kubectl[] {denying, injecting}) {
            var result = kubectl.with(deployment("bad", podSpec), "create", "--validate=false");
            assertThat(result.exitCode()).as(what).isEqualTo(1);
            assertThat(result.err()).contains(why).doesNotContain("Internal").doesNotContain("failed calling webhook");
        }
    }

    @Test
    @DisplayName("a null lifecycle is none")
    void nullLifecycle() {
        injecting
                .with(
                        deployment(
                                "null-lifecycle",
                                "containers: [{name: app, image: a, ports: [{containerPort: 8080}], lifecycle: null}]"),
                        "create")
                .orFail();
        assertThat(injecting
                        .get("deployment", "null-lifecycle")
                        .at("/spec/template/spec/containers/0/lifecycle/preStop/sleep/seconds")
                        .asInt())
                .isEqualTo(10);
    }

    @Test
    @DisplayName("the largest grace that there is overflows nothing")
    void largestGrace() {
        denying.with(
                        deployment(
                                "largest",
                                "{terminationGracePeriodSeconds: 9223372036854775807, containers: [{name: app, image: a}]}"),
                        "create")
                .orFail();
    }

    @Test
    @DisplayName("a template without anything is the API server's to refuse")
    void emptyTemplate() {
        String nothing =
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: nothing}, spec: {selector: {matchLabels: {a: b}}}}";
        var result = injecting.with(nothing, "create", "--validate=false");
        assertThat(result.err()).contains("spec.template");
    }

    @Test
    @DisplayName("broken JSON is the API server's to refuse")
    void brokenJson(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("broken.json"), "{\"apiVersion\": \"apps/v1\", \"kind\": ");
        Command.Result result = denying.run(
                "create",
                "--raw",
                "/apis/apps/v1/namespaces/" + denying.namespace() + "/deployments",
                "-f",
                file.toString());
        assertThat(result.err()).contains("BadRequest").doesNotContain("Internal");
    }

    @Test
    @DisplayName("a Deployment as large as etcd takes is judged, on create and on update")
    void large() {
        String large = """
                containers:
                - name: app
                  image: a
                  ports: [{containerPort: 8080}]
                  env: [{name: LARGE, value: "%s"}]
                """.formatted("x".repeat(1_200_000));
        assertThat(denying.with(deployment("large", large), "create").err()).contains("is too short");
        injecting.with(deployment("large", large), "create").orFail();
        injecting.ok("set", "image", "deployment/large", "app=b");
        assertThat(injecting
                        .get("deployment", "large")
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(35);
    }
}
