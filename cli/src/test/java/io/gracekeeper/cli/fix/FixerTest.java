package io.gracekeeper.cli.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.cli.CommandLineRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("fix")
class FixerTest {
    private static final String POLICY = """
            apiVersion: gracekeeper.io/v1alpha1
            kind: GracefulShutdownPolicy
            metadata: {name: web}
            spec:
              requirements: {drainDelaySeconds: 10, shutdownSeconds: 20, marginSeconds: 5}
              validation: {actions: [Deny]}
            """;

    @TempDir
    Path folder;

    private String policy = "";

    @BeforeEach
    void writePolicy() throws IOException {
        policy = Files.writeString(folder.resolve("policy.yaml"), POLICY).toString();
    }

    static List<Arguments> styles() {
        List<Arguments> styles = new ArrayList<>();
        String head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n";
        styles.add(Arguments.of("block style with comments", head + """
                spec:
                  template:
                    spec:
                      # who runs
                      containers:  # here
                        - name: app   # ours

                          ports: [{containerPort: 80}]
                          # livenessProbe: later
                        # the end
                """, head + """
                spec:
                  template:
                    spec:
                      terminationGracePeriodSeconds: 35
                      # who runs
                      containers:  # here
                        - name: app   # ours

                          ports: [{containerPort: 80}]
                          lifecycle:
                            preStop:
                              sleep:
                                seconds: 10
                          # livenessProbe: later
                        # the end
                """));
        styles.add(Arguments.of("four columns, items in line with their key, a field before", head + """
                spec:
                    template:
                        spec:
                            serviceAccountName: x
                            containers:
                            - ports:
                              - containerPort: 80
                              name: app""", head + """
                spec:
                    template:
                        spec:
                            serviceAccountName: x
                            terminationGracePeriodSeconds: 35
                            containers:
                            - ports:
                              - containerPort: 80
                              name: app
                              lifecycle:
                                  preStop:
                                      sleep:
                                          seconds: 10"""));
        styles.add(Arguments.of(
                "flow style",
                head + "spec: {template: {spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}}}\n",
                head + "spec: {template: {spec: {containers: [{name: app, ports: [{containerPort: 80}],"
                        + " lifecycle: {preStop: {sleep: {seconds: 10}}}}], terminationGracePeriodSeconds: 35}}}\n"));
        styles.add(Arguments.of("JSON", """
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
                 "spec": {"template": {"spec": {
                   "terminationGracePeriodSeconds": 30,
                   "containers": [{
                     "name": "app",
                     "ports": [{"containerPort": 80}]
                   }]}}}}
                """, """
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
                 "spec": {"template": {"spec": {
                   "terminationGracePeriodSeconds": 35,
                   "containers": [{
                     "name": "app",
                     "ports": [{"containerPort": 80}],
                     "lifecycle": {"preStop": {"sleep": {"seconds": 10}}}
                   }]}}}}
                """));
        styles.add(Arguments.of("values of its own, a quoted one, an empty lifecycle", head + """
                spec:
                  template:
                    spec:
                      terminationGracePeriodSeconds: "10" # text
                      containers:
                        - name: app
                          ports: [{containerPort: 80}]
                          lifecycle:
                        - name: two
                          ports: [{containerPort: 81}]
                          lifecycle: {preStop: {sleep: {seconds: 3}}}
                        - name: three
                          ports: [{containerPort: 82}]
                          lifecycle:
                            postStart: {exec: {command: ["true"]}}
                """, head + """
                spec:
                  template:
                    spec:
                      terminationGracePeriodSeconds: 35 # text
                      containers:
                        - name: app
                          ports: [{containerPort: 80}]
                          lifecycle: {preStop: {sleep: {seconds: 10}}}
                        - name: two
                          ports: [{containerPort: 81}]
                          lifecycle: {preStop: {sleep: {seconds: 10}}}
                        - name: three
                          ports: [{containerPort: 82}]
                          lifecycle:
                            postStart: {exec: {command: ["true"]}}
                            preStop:
                              sleep:
                                seconds: 10
                """));
        styles.add(Arguments.of(
                "a block scalar at the end, between other documents",
                "a: b # x\n---\n" + head + """
                spec:
                  template:
                    spec:
                      containers:
                        - name: app
                          ports: [{containerPort: 80}]
                          args:
                            - |
                              run

                ---
                kind: Service
                """,
                "a: b # x\n---\n" + head + """
                spec:
                  template:
                    spec:
                      terminationGracePeriodSeconds: 35
                      containers:
                        - name: app
                          ports: [{containerPort: 80}]
                          args:
                            - |
                              run
                          lifecycle:
                            preStop:
                              sleep:
                                seconds: 10

                ---
                kind: Service
                """));
        return styles;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("styles")
    @DisplayName("writes in the text's own style, and changes nothing else")
    void keepsStyle(String style, String before, String after) throws IOException {
        assertThat(fixed(before)).isEqualTo(after);
        assertThat(fixed(before.replace("\n", "\r\n"))).isEqualTo(after.replace("\n", "\r\n"));
        assertThat(fixed("\uFEFF" + before)).isEqualTo("\uFEFF" + after);
        assertThat(fixed(after)).isEqualTo(after);
    }

    private String fixed(String text) throws IOException {
        Path file = folder.resolve("in.yaml");
        Files.writeString(file, text);
        CommandLineRun run = CommandLineRun.of("fix", "--policy", policy, file.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(CommandLineRun.of("check", "--policy", policy, file.toString())
                        .exitCode())
                .isZero();
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unfixable")
    @DisplayName("leaves what it can't fix as it is, and says why")
    void leavesTheRest(String what, String text, String why) throws IOException {
        Path file = folder.resolve("in.yaml");
        Files.writeString(file, text);

        CommandLineRun run = CommandLineRun.of("fix", "--policy", policy, file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(why);
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    static List<Arguments> unfixable() {
        String head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n"
                + "      terminationGracePeriodSeconds: 90\n      containers:\n";
        return List.of(
                Arguments.of(
                        "a hook of its own",
                        head + "        - name: app\n          ports: [{containerPort: 80}]\n"
                                + "          lifecycle: {preStop: {exec: {command: [sleep, '1']}}}\n",
                        "there is a preStop hook already"),
                Arguments.of(
                        "a decision against a delay",
                        head + "        - name: app\n          ports: [{containerPort: 80}]\n"
                                + "          lifecycle: {preStop: {sleep: {seconds: 0}}}\n",
                        "sleep 0 says on purpose"),
                Arguments.of(
                        "an anchor that others share",
                        head + "        - &app\n          name: app\n          ports: [{containerPort: 80}]\n"
                                + "        - <<: *app\n          name: two\n          lifecycle: {preStop: {sleep: {seconds: 10}}}\n",
                        "is shared by an anchor"));
    }

    @Test
    @DisplayName("shows a diff that patch understands, and writes nothing with --diff")
    void showsADiff() throws IOException {
        String before = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n"
                + "      terminationGracePeriodSeconds: 3\n      containers: [{name: app}]\n";
        Path file = Files.writeString(folder.resolve("in.yaml"), before);

        CommandLineRun run = CommandLineRun.of("fix", "--diff", "--policy", policy, file.toString());

        assertThat(run.out()).isEqualTo("--- a/" + file + "\n+++ b/" + file + """

                        @@ -4,5 +4,5 @@
                         spec:
                           template:
                             spec:
                        -      terminationGracePeriodSeconds: 3
                        +      terminationGracePeriodSeconds: 25
                               containers: [{name: app}]
                        """);
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    @DisplayName("writes standard input, fixed, to standard output")
    void filtersStdin() {
        CommandLineRun run = CommandLineRun.withInput(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {terminationGracePeriodSeconds: 3,"
                        + " containers: [{name: app}]}}}\n",
                "fix",
                "--policy",
                policy,
                "-");

        assertThat(run.out()).contains("terminationGracePeriodSeconds: 25,");
        assertThat(run.exitCode()).isZero();
    }
}
