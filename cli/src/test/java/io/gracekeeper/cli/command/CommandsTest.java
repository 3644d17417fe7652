package io.gracekeeper.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.cli.CommandLineRun;
import io.gracekeeper.policy.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The command line")
class CommandsTest {
    private static final String POLICY = """
            apiVersion: gracekeeper.io/v1alpha1
            kind: GracefulShutdownPolicy
            metadata: {name: web, namespace: shop}
            spec:
              requirements: {drainDelaySeconds: 10, shutdownSeconds: 20, marginSeconds: 5, maxTerminationGracePeriodSeconds: 120}
              validation: {actions: [Deny]}
              injection: {mode: DryRun, existing: {mode: Paced}}
            """;

    private static final String CHECKOUT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: checkout}
            spec:
              replicas: 4
              template:
                metadata:
                  annotations: {gracekeeper.io/shutdown-seconds: "40"}
                spec:
                  containers:
                    - name: app
                      ports: [{containerPort: 8080}]
            """;

    @TempDir
    Path folder;

    private String policy = "";

    @BeforeEach
    void writePolicy() throws IOException {
        policy = write("policy.yaml", POLICY);
    }

    static List<Arguments> misuses() {
        return List.of(
                Arguments.of(List.of(), "error: name a command"),
                Arguments.of(List.of("chek"), "error: there is no command \"chek\"; did you mean check?"),
                Arguments.of(List.of("check", "--policy", "nowhere.yaml"), "error: name files, folders or -"),
                Arguments.of(List.of("check", "--policy"), "error: Missing required parameter for option '--policy'"),
                Arguments.of(List.of("check", "-A", "x.yaml"), "error: name files, or -A for the cluster, not both"),
                Arguments.of(List.of("check", "-o", "xml", "x.yaml"), "error: Invalid value for option '--output'"),
                Arguments.of(List.of("fix"), "error: Missing required parameter: 'PATH'"),
                Arguments.of(List.of("explain", "Budget"), "error: \"Budget\" is no rule: use one of GracePositive"),
                Arguments.of(
                        List.of("except", "deploy/a", "--days", "3"),
                        "error: Missing required option: '--reason=TEXT'"),
                Arguments.of(
                        List.of("except", "deploy/a", "--rule", "BudgetFits", "--reason", "x"),
                        "error: say until when: either --days DAYS or --until TIME"),
                Arguments.of(
                        List.of("except", "deploy/a", "--rule", "BudgetFits", "--reason", "x", "--days", "181"),
                        "error: --days 181: use 1 to 180"),
                Arguments.of(
                        List.of("except", "deploy/a", "--rule", "Budget", "--reason", "x", "--days", "1"),
                        "error: spec.rules[0]: \"Budget\" is no rule"),
                Arguments.of(List.of("test", "nowhere"), "error: nowhere: no such folder"),
                Arguments.of(
                        List.of("check", "--workload-kind", "Rollout=x", "-"),
                        "error: --workload-kind Rollout=x: write"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misuses")
    @DisplayName("says in one line what was wrong about it, and ends with 2")
    void explainsMisuse(List<String> args, String error) {
        CommandLineRun run = CommandLineRun.of(args.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith(error).doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }

    @Test
    @DisplayName("tells a policy's mistakes with their places, and judges by the others")
    void tellsMistakesOfPolicies() throws IOException {
        String bad = write("bad.yaml", """
                apiVersion: gracekeeper.io/v1alpha1
                kind: ClusterGracefulShutdownPolicy
                metadata: {name: base}
                spec:
                  namespaceSelector: {}
                  profil: Web
                  requirements: {drainDelaySeconds: "10", maxTerminationGracePeriodSeconds: 7200}
                  injection: {mode: Off}
                """);

        CommandLineRun run = CommandLineRun.of("check", "-p", bad, "-p", policy, write("c.yaml", CHECKOUT));

        assertThat(run.exitCode()).isEqualTo(3);
        String prefix = ": ClusterGracefulShutdownPolicy base can't be used: spec.";
        assertThat(run.err())
                .contains(bad + ":6:3" + prefix + "profil: is no field here; known are namespaceSelector, priority")
                .contains(bad + ":7:18" + prefix + "requirements.drainDelaySeconds: \"10\" is not a whole number")
                .contains(bad + ":7:43" + prefix + "requirements.maxTerminationGracePeriodSeconds: 7200 is more than")
                .contains(bad + ":8:15" + prefix + "injection.mode: false is not one of Disabled, DryRun, Apply");
        assertThat(run.out()).contains("[BudgetFits]", "(gsp/web)");
    }

    @Test
    @DisplayName("takes every cluster policy to hold where a namespace's labels are unknown, and says so")
    void assumesTheWorst() throws IOException {
        String cluster = write(
                "cluster.yaml",
                POLICY.replace("kind: Grace", "kind: ClusterGrace")
                        .replace("namespace: shop", "labels: {}")
                        .replace("spec:", "spec:\n  namespaceSelector: {matchLabels: {env: prod}}"));
        String manifest = write("c.yaml", CHECKOUT);
        String namespace =
                write("ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: {env: dev}}\n");

        CommandLineRun unknown = CommandLineRun.of("check", "-p", cluster, manifest);
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).startsWith("note: the labels of namespace default are unknown");

        assertThat(CommandLineRun.of("check", "-p", cluster, manifest, namespace)
                        .exitCode())
                .isZero();
        assertThat(CommandLineRun.of("check", "-p", cluster, "--namespace-labels", "env=dev", manifest)
                        .exitCode())
                .isZero();
        assertThat(CommandLineRun.of("check", "-p", cluster, "--namespace-labels", "env=prod", manifest)
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("counts what a policy in force injects as a note, and forgives what an exception forgives")
    void notesInjectionAndExceptions() throws IOException {
        String manifest = write("c.yaml", CHECKOUT);
        String applying = write("apply.yaml", POLICY.replace("DryRun", "Apply"));

        CommandLineRun injected = CommandLineRun.of("check", "-p", applying, manifest);
        assertThat(injected.exitCode()).isZero();
        assertThat(injected.out())
                .contains(": note: Deployment shop/checkout [BudgetFits]", "Injected at admission by gsp/web.");

        CommandLineRun exception =
                CommandLineRun.of("except", "-p", policy, "--days", "3", "--reason", "OPS-9", manifest);
        assertThat(exception.exitCode()).isZero();
        String excepted = write("exception.yaml", exception.out());
        CommandLineRun forgiven = CommandLineRun.of("check", "-p", policy, manifest, excepted);
        assertThat(forgiven.exitCode()).isZero();
        assertThat(forgiven.out()).contains("Forgiven by exception shop/deployment-checkout until ");
    }

    @Test
    @DisplayName("writes an exception without asking anybody where the rule is named")
    void writesExceptions() {
        CommandLineRun run = CommandLineRun.of(
                "except",
                "deploy/billing",
                "-n",
                "shop",
                "--rule",
                "BudgetFits,DrainDelay",
                "--container",
                "app",
                "--until",
                "2099-01-01",
                "--reason",
                "x");
        assertThat(run.err()).startsWith("error: --until 2099-01-01: use a time from now to ");

        CommandLineRun good = CommandLineRun.of(
                "except",
                "deploy/billing",
                "-n",
                "on",
                "--rule",
                "BudgetFits,DrainDelay",
                "--container",
                "app",
                "--days",
                "10",
                "--reason",
                "OPS-9 \"vendor\"");
        assertThat(good.out()).startsWith("""
                        ---
                        apiVersion: gracekeeper.io/v1alpha1
                        kind: ShutdownException
                        metadata:
                          name: deployment-billing
                          namespace: "on"
                        spec:
                          target: {kind: Deployment, names: [billing]}
                          containers: [app]
                          rules: [BudgetFits, DrainDelay]
                          reason: "OPS-9 \\"vendor\\""
                          expiresAt: "2\
                        """);
    }

    @Test
    @DisplayName("explains that a hook of no length is there, and gives no delay")
    void explainsSleepOfNothing() throws IOException {
        String manifest =
                write("c.yaml", CHECKOUT.stripTrailing() + "\n          lifecycle: {preStop: {sleep: {seconds: 0}}}\n");

        assertThat(CommandLineRun.of("explain", "workload", "-p", policy, manifest)
                        .out())
                .contains(
                        "its own preStop.sleep 0",
                        " gives no delay: the drain delay that it owes, asked for by gsp/web");
    }

    @Test
    @DisplayName("explains each number of a workload and where it comes from")
    void explainsWorkloads() throws IOException {
        String manifest = write("c.yaml", CHECKOUT);

        CommandLineRun run = CommandLineRun.of("explain", "workload", "-p", policy, manifest);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().replace(manifest, "c.yaml"))
                .contains(
                        "Deployment shop/checkout: Fixable (c.yaml:3:12)",
                        "grace       30 s  not set, so Kubernetes takes 30",
                        "maximum     120 s  asked for by gsp/web",
                        "container app, serving (c.yaml:11:11)",
                        "preStop       10 s  none yet: the drain delay that it is to get, asked for by gsp/web",
                        "shutdown      40 s  annotation gracekeeper.io/shutdown-seconds (c.yaml:8:21)",
                        "margin         5 s  once per pod, asked for by gsp/web",
                        "needs         55 s",
                        "has         30 s  25 s too few");
    }

    @Test
    @DisplayName("explains rules, by the engine's own words")
    void explainsRules() {
        assertThat(CommandLineRun.of("explain", "budgetfits").out())
                .startsWith("BudgetFits\n  The grace period has room")
                .contains("  Why. ", "  Fix. ", "  Sources. kubernetes.io", "  It says.", "  Case. ")
                .doesNotContain("|", "```", "**", "](");
        assertThat(CommandLineRun.of("explain", "RolloutPace").out()).startsWith("RolloutPace (advice");
        assertThat(CommandLineRun.of("explain").out().lines()).hasSize(Rule.values().length);
        for (Rule rule : Rule.values()) {
            assertThat(CommandLineRun.of("explain", rule.word()).out()).contains("  Why. ", "  It says.");
        }
    }

    @Test
    @DisplayName("simulates what a policy would inject and restart")
    void simulates() throws IOException {
        CommandLineRun run = CommandLineRun.of("simulate", "-p", policy, write("c.yaml", CHECKOUT));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                        Injected (1)
                          Deployment shop/checkout: 4 pods restart when it is its turn, each may take 25 s longer to end
                            app: preStop sleep 10; grace 30 -> 55 (gsp/web)

                        0 compliant, 1 fixed by injection, 0 refused, 0 warned, 0 counted, 0 not spoken about. Injection edits 1 and, where existing is Paced, restarts 4 pods. For 1 of them the mode is DryRun: nothing happens before it is Apply.
                        """);
    }

    @Test
    @DisplayName("runs cases, compares what they expect, and says what differs")
    void runsCases() throws IOException {
        Path good = Files.createDirectories(folder.resolve("cases/good"));
        Files.writeString(good.resolve("object.yaml"), CHECKOUT);
        Files.writeString(
                good.resolve("expected.yaml"),
                "classification: Fixable\nallowed: false\nviolations: [{rule: BudgetFits}, {rule: DrainDelay}]\n");
        Path bad = Files.createDirectories(folder.resolve("cases/bad"));
        Files.writeString(bad.resolve("policy.yaml"), POLICY.replace("Deny", "Audit"));
        Files.writeString(bad.resolve("object.yaml"), CHECKOUT);
        Files.writeString(bad.resolve("expected.yaml"), "allowed: false\n");
        String cases = folder.resolve("cases").toString();

        CommandLineRun run = CommandLineRun.of("test", "-p", policy, cases);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("""
                        FAIL bad
                             allowed:
                               expected false
                               but was  true
                        ok   good
                        1 as expected, 1 not
                        """);
    }

    @Test
    @DisplayName("reads folders and globs, leaves hidden files and what is no manifest, and says what isn't there")
    void findsFiles() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("k8s/base/.git"));
        Files.writeString(deep.resolve("hidden.yaml"), CHECKOUT);
        Files.writeString(folder.resolve("k8s/base/a.yml"), CHECKOUT);
        Files.writeString(folder.resolve("k8s/base/b.json"), "{\"apiVersion\": \"v1\", \"kind\": \"Service\"}");
        Files.writeString(folder.resolve("k8s/values.yaml"), "replicas: 3\n");
        Files.writeString(folder.resolve("k8s/README.md"), "no: [");
        String k8s = folder.resolve("k8s").toString();

        assertThat(CommandLineRun.of("check", "-p", policy, k8s).out())
                .endsWith(
                        "1 workload in 3 inputs: 0 fine, 1 violating (2 violations); 1 document without apiVersion and kind skipped\n");
        assertThat(CommandLineRun.of("check", "-p", policy, k8s + "/**.yml").out())
                .contains("1 workload in 1 input");
        CommandLineRun missing = CommandLineRun.of("check", "-p", policy, k8s + "/x.yaml", k8s + "/*.xml", k8s);
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err())
                .isEqualTo("error: " + k8s + "/x.yaml: no such file or folder\nerror: " + k8s
                        + "/*.xml: no file matches\n");
        assertThat(missing.out()).isEmpty();
    }

    @Test
    @DisplayName("completes for the shell and for kubectl, and knows its version")
    void completes() {
        assertThat(CommandLineRun.of("completion", "bash").out()).contains("complete -F _complete_kubectl-gracekeeper");
        assertThat(CommandLineRun.of("completion", "zsh").out()).startsWith("autoload -U");
        assertThat(CommandLineRun.of("completion", "fish").out()).contains("complete -c kubectl-gracekeeper -f -a");
        assertThat(CommandLineRun.of("__complete", "si").out()).isEqualTo("simulate\n:4\n");
        assertThat(CommandLineRun.of("__complete", "check", "--pol").out()).isEqualTo("--policy\n:4\n");
        assertThat(CommandLineRun.of("__complete", "check", "-A", "--help", "--fai")
                        .out())
                .isEqualTo("--fail-on\n:4\n");
        assertThat(CommandLineRun.of("__complete", "check", "k8s/").out()).isEqualTo(":0\n");
        assertThat(CommandLineRun.of("version").out()).startsWith("gracekeeper ");
    }

    @ParameterizedTest
    @CsvSource({
        "chek, 'there is no command \"chek\"; did you mean check?'",
        "check --polciy, 'there is no option \"--polciy\"; did you mean --policy?'",
        "version now, 'there is no use for \"now\"'"
    })
    @DisplayName("a word that nobody knows is told with what may have been meant")
    void unknownWords(String typed, String error) {
        CommandLineRun run = CommandLineRun.of(typed.split(" "));
        assertThat(run.err().lines().findFirst()).hasValue("error: " + error);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
