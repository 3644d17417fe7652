package io.gracekeeper.policy;

import static io.gracekeeper.policy.Yaml.deployment;
import static io.gracekeeper.policy.Yaml.engine;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What a Deployment breaks")
class RulesTest {
    private static final String WEB =
            "{requirements: {drainDelaySeconds: 10, shutdownSeconds: 20, maxTerminationGracePeriodSeconds: 120}, validation: {actions: [Deny]}}";
    private static final String SERVING = "containers: [{name: app, ports: [{containerPort: 8080}]}]";

    static Stream<Arguments> cases() {
        return Stream.of(
                c("serving, no hook, 30 s", WEB, SERVING, "BudgetFits+5", "DrainDelay+10"),
                c(
                        "serving, no hook, enough grace",
                        WEB,
                        "terminationGracePeriodSeconds: 35\n" + SERVING,
                        "DrainDelay+10"),
                c("sleep and enough grace", WEB, app("sleep: {seconds: 10}", 35)),
                c("a longer sleep of its own raises the need", WEB, app("sleep: {seconds: 30}", 35), "BudgetFits+20"),
                c(
                        "a shorter sleep of its own counts as what it has to become",
                        WEB,
                        app("sleep: {seconds: 3}", 28),
                        "BudgetFits+7",
                        "DrainDelay+7"),
                c("sleep 0 stops injection and still violates", WEB, app("sleep: {seconds: 0}", 35), "DrainDelay+10"),
                c("exec sleep counts like a sleep", WEB, app("exec: {command: [sleep, '30']}", 40), "BudgetFits+15"),
                c("exec sleep through a shell", WEB, app("exec: {command: [/bin/sh, -c, sleep 10]}", 35)),
                c("a script of unknown length is no pass", WEB, app("exec: {command: [/drain.sh]}", 30), "HookWorks+1"),
                c(
                        "and the rest of the budget is judged",
                        WEB,
                        app("exec: {command: [/drain.sh]}", 20),
                        "BudgetFits+5",
                        "HookWorks+1"),
                c("httpGet is of unknown length", WEB, app("httpGet: {path: /drain, port: 80}", 30), "HookWorks+1"),
                c("tcpSocket fails at run time", WEB, app("tcpSocket: {port: 80}", 35), "DrainDelay+10", "HookWorks+1"),
                c("an empty preStop is no delay", WEB, app("", 35), "DrainDelay+10", "HookWorks+1"),
                c("grace 0", WEB, app("sleep: {seconds: 10}", 0), "GracePositive+1", "BudgetFits+35"),
                c("negative grace", WEB, app("sleep: {seconds: 10}", -5), "GracePositive+6", "BudgetFits+40"),
                c("grace above the maximum", WEB, app("sleep: {seconds: 10}", 121), "GraceCeiling+1"),
                c(
                        "a hook that fits under no allowed grace",
                        WEB,
                        app("sleep: {seconds: 100}", 120),
                        "BudgetFits+5",
                        "GraceCeiling+5"),
                c("a worker needs no hook", WEB, "terminationGracePeriodSeconds: 25\ncontainers: [{name: w}]"),
                c(
                        "a worker needs its shutdown",
                        WEB,
                        "terminationGracePeriodSeconds: 5\ncontainers: [{name: w}]",
                        "BudgetFits+20"),
                c(
                        "metrics ports serve nobody",
                        WEB,
                        "containers: [{name: w, ports: [{name: metrics, containerPort: 9090}, {containerPort: 53, protocol: UDP}]}]"),
                c("each serving container owes a drain delay", WEB, """
                        terminationGracePeriodSeconds: 35
                        containers:
                        - {name: a, ports: [{containerPort: 1}]}
                        - {name: b, ports: [{containerPort: 2}]}
                        """, "DrainDelay+10", "DrainDelay+10"),
                c("a native sidecar has no shutdown time of its own, but its hook counts", WEB, """
                        terminationGracePeriodSeconds: 35
                        containers: [{name: w}]
                        initContainers:
                        - {name: proxy, restartPolicy: Always, ports: [{containerPort: 1}], lifecycle: {preStop: {sleep: {seconds: 40}}}}
                        - {name: migrate, ports: [{containerPort: 2}]}
                        """, "BudgetFits+10"),
                c(
                        "null lifecycle",
                        WEB,
                        "terminationGracePeriodSeconds: 35\ncontainers: [{name: app, lifecycle: null, ports: [{containerPort: 1}]}]",
                        "DrainDelay+10"),
                c(
                        "a container without a name",
                        WEB,
                        "terminationGracePeriodSeconds: 20\ncontainers: [{image: x}]",
                        "BudgetFits+5"),
                c("no containers at all", WEB, "containers: []"),
                c(
                        "retyped fields",
                        WEB,
                        "terminationGracePeriodSeconds: {a: 1}\ncontainers: [7, {name: [], ports: 8, lifecycle: 3}]",
                        "HookWorks+1"),
                c("no requirements, no rules", "{}", "terminationGracePeriodSeconds: 0\n" + SERVING),
                c(
                        "a maximum alone",
                        "{requirements: {maxTerminationGracePeriodSeconds: 20}}",
                        SERVING,
                        "GraceCeiling+10"),
                c("a margin alone", "{requirements: {marginSeconds: 40}}", SERVING, "BudgetFits+10"),
                c(
                        "a policy for others",
                        "{match: {selector: {matchLabels: {app: x}}}, requirements: {shutdownSeconds: 99}}",
                        SERVING),
                c(
                        "an excluded template",
                        "{match: {excludeSelector: {matchExpressions: [{key: app, operator: Exists}]}}, requirements: {shutdownSeconds: 99}}",
                        SERVING));
    }

    private static Arguments c(String name, String policy, String podSpec, String... broken) {
        return Arguments.of(name, policy, podSpec, List.of(broken));
    }

    private static String app(String hook, long grace) {
        return "terminationGracePeriodSeconds: " + grace
                + "\ncontainers: [{name: app, ports: [{containerPort: 8080}], lifecycle: {preStop: {" + hook + "}}}]";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void breaks(String name, String policy, String podSpec, List<String> broken) {
        Judgement judgement = engine(policy).judge(deployment(podSpec));
        assertThat(judgement.violations())
                .extracting(violation -> violation.rule().word() + "+" + violation.shortage())
                .containsExactlyElementsOf(broken);
    }
}
