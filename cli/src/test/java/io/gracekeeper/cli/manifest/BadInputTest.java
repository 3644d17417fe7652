package io.gracekeeper.cli.manifest;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.gracekeeper.cli.check.WorkloadJudge;
import io.gracekeeper.cli.fix.Fixer;
import io.gracekeeper.cli.policies.PolicyReader;
import io.gracekeeper.policy.EngineSettings;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whatever happens to a manifest,")
class BadInputTest {
    private static final int TRIES = Integer.getInteger("gracekeeper.fuzz", 3000);

    private static final String POLICY = """
            apiVersion: gracekeeper.io/v1alpha1
            kind: ClusterGracefulShutdownPolicy
            metadata: {name: web}
            spec:
              namespaceSelector: {}
              profile: Web
              match: {kinds: [Deployment], exemptContainers: ["*-agent"]}
              requirements: {readinessProbe: Required, maxTerminationGracePeriodSeconds: 120}
              validation: {actions: [Deny], rules: [{rule: BudgetFits, actions: [Warn]}]}
            """;

    private static final String MANIFEST = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: a, annotations: {gracekeeper.io/drain-seconds: "app=3"}}
            spec: &spec
              template:
                spec:
                  terminationGracePeriodSeconds: 40 # why
                  containers:
                    - name: "app"
                      ports: [{containerPort: 80, protocol: TCP}]
                      args: [|
                      lifecycle: {preStop: {exec: {command: [sh, -c, 'sleep 5; exit']}}}
                    - <<: {name: b}
                      image: >-
                        text
                      lifecycle:
            ---
            {"apiVersion": "v1", "kind": "List", "items": [{"kind": "Deployment", "apiVersion": "apps/v1", "spec": null}]}
            """.replace("          args: [|\n", "");

    private static final String ODD = "{}[]:-#&*!|>'\"%@`,?~\t\n\r \u0000\u0001\u00e9\uFFFD\uD83D\uDE00<<---...0x_.e+";

    @Test
    @DisplayName("reading, judging and fixing it ends without an exception")
    void nothingThrows() {
        var policies = new PolicyReader(EngineSettings.DEFAULT, problem -> {});
        ManifestReader.read(InputText.of("policy", POLICY), policies);
        var judge = new WorkloadJudge(
                policies.policies(null), EngineSettings.DEFAULT, InstantSource.system(), WorkloadJudge.Facts.NONE);
        var fixer = new Fixer(judge);
        for (int seed = 0; seed < TRIES; seed++) {
            var random = new Random(seed);
            String manifest = mutate(MANIFEST, random);
            assertThatCode(() -> fixer.fix(InputText.of("f", manifest)))
                    .as(manifest)
                    .doesNotThrowAnyException();
            String policy = mutate(POLICY, random);
            assertThatCode(() -> ManifestReader.read(
                            InputText.of("f", policy), new PolicyReader(EngineSettings.DEFAULT, problem -> {})))
                    .as(policy)
                    .doesNotThrowAnyException();
        }
    }

    private static String mutate(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && mutated.length() > 1; i++) {
            int at = random.nextInt(mutated.length());
            switch (random.nextInt(4)) {
                case 0 -> mutated.deleteCharAt(at);
                case 1 -> mutated.insert(at, ODD.charAt(random.nextInt(ODD.length())));
                case 2 -> mutated.setCharAt(at, ODD.charAt(random.nextInt(ODD.length())));
                default -> {
                    int end = Math.min(mutated.length(), at + random.nextInt(40));
                    mutated.insert(random.nextInt(mutated.length()), mutated.substring(at, end));
                }
            }
        }
        return mutated.toString();
    }
}
