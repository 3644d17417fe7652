package io.gracekeeper.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gracekeeper.cli.CommandLineRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our own reading, against a server that answers as an API server does; a real one is asked in the module e2e. */
@DisplayName("With the workloads of a cluster,")
class ClusterTest {
    private static final String POLICY = """
            {"metadata": {"name": "web", "namespace": "shop"}, "spec": {
              "match": {"kinds": ["Deployment", "Pod"]},
              "requirements": {"shutdownSeconds": 20, "marginSeconds": 5}, "validation": {"actions": ["Deny"]}}}
            """;

    private static final String DEPLOYMENT = """
            {"metadata": {"name": "%s", "namespace": "shop"}, "spec": {"replicas": 2, "template": {"spec": {
              "terminationGracePeriodSeconds": %d, "containers": [{"name": "app"}]}}}}
            """;

    @TempDir
    Path folder;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private HttpServer server;
    private String kubeconfig = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        kubeconfig =
                Files.writeString(folder.resolve("config"), """
                        apiVersion: v1
                        kind: Config
                        current-context: here
                        contexts: [{name: here, context: {cluster: here, user: me, namespace: shop}}]
                        clusters: [{name: here, cluster: {server: "%s"}}]
                        users: [{name: me, user: {token: t}}]
                        """.formatted(url)).toString();
        answers.put(
                "/api/v1/namespaces?limit=500",
                list("{\"metadata\": {\"name\": \"shop\", \"labels\": {\"env\": \"prod\"}}}"));
        answers.put("/api/v1/namespaces/shop", "{\"metadata\": {\"name\": \"shop\"}}");
        answers.put("/apis/gracekeeper.io/v1alpha1/gracefulshutdownpolicies?limit=500", list(POLICY));
        answers.put(
                "/apis/apps/v1/deployments?limit=500",
                "{\"metadata\": {\"continue\": \"a/b\"}, \"items\": [" + DEPLOYMENT.formatted("bad", 20) + "]}");
        answers.put("/apis/apps/v1/deployments?limit=500&continue=a%2Fb", list(DEPLOYMENT.formatted("good", 25)));
        answers.put("/apis/batch/v1/jobs?limit=500", list());
        answers.put("/api/v1/pods?limit=500", list(pod("alone", ""), pod("child", "child-rs")));
        answers.put(
                "/apis/apps/v1/replicasets?limit=500",
                list(
                        "{\"metadata\": {\"uid\": \"u\", \"name\": \"child-rs\", \"namespace\": \"shop\", \"ownerReferences\": [{\"apiVersion\": \"apps/v1\","
                                + " \"kind\": \"Deployment\", \"name\": \"good\", \"controller\": true}]}}"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static String list(String... items) {
        return "{\"metadata\": {}, \"items\": [" + String.join(",", items) + "]}";
    }

    private static String pod(String name, String replicaSet) {
        String owner = replicaSet.isEmpty()
                ? ""
                : ", \"ownerReferences\": [{\"apiVersion\": \"apps/v1\", \"kind\": \"ReplicaSet\", \"name\": \""
                        + replicaSet + "\", \"controller\": true}]";
        return "{\"metadata\": {\"uid\": \"u\", \"name\": \"" + name + "\", \"namespace\": \"shop\"" + owner
                + "}, \"spec\": {\"terminationGracePeriodSeconds\": 1, \"containers\": [{\"name\": \"app\"}]}}";
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        // All that is in the cluster is in this namespace, unless a test says something else.
        String answer = answers.getOrDefault(path, answers.get(path.replace("/namespaces/shop/", "/")));
        boolean forbidden = "forbidden".equals(answer);
        String body = answer == null || forbidden
                ? "{\"kind\": \"Status\", \"status\": \"Failure\", \"message\": \"no\", \"code\": "
                        + (forbidden ? 403 : 404) + "}"
                : answer;
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer == null ? 404 : forbidden ? 403 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    @DisplayName("check judges all pages by the cluster's own policies, and pods that no judged workload made")
    void checks() {
        CommandLineRun run = CommandLineRun.of("check", "-A", "--kubeconfig", kubeconfig);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "error: Deployment shop/bad [BudgetFits]\n  spec.template.spec.terminationGracePeriodSeconds: ",
                        "error: Pod shop/alone [BudgetFits]")
                .doesNotContain("error: Deployment shop/good", "error: Pod shop/child", "cluster: ")
                .endsWith("\n3 workloads in 1 namespace: 1 fine, 2 violating (2 violations)\n");
    }

    @Test
    @DisplayName("no form of the report says that they are in a file, and each says whose they are")
    void reportsTheCluster() throws IOException {
        answers.put("/api/v1/pods?limit=500", "forbidden");
        Map<String, CommandLineRun> reports = Stream.of("json", "sarif", "junit", "github")
                .collect(Collectors.toMap(
                        format -> format,
                        format -> CommandLineRun.of("check", "-A", "--kubeconfig", kubeconfig, "-o", format)));

        JsonNode json = new ObjectMapper().readTree(reports.get("json").out());
        assertThat(json.at("/summary/namespaces").asInt()).isEqualTo(1);
        assertThat(json.at("/summary").has("inputs")).isFalse();
        assertThat(json.findValues("file")).isEmpty();
        assertThat(json.at("/problems/0").toString()).isEqualTo("{\"message\":\"pods: you may not read them\"}");
        JsonNode sarif = new ObjectMapper().readTree(reports.get("sarif").out());
        assertThat(sarif.findValues("physicalLocation")).isEmpty();
        assertThat(sarif.at("/runs/0/results/0/locations/0/logicalLocations/0/fullyQualifiedName")
                        .asText())
                .isEqualTo("Deployment shop/bad");
        assertThat(reports.get("junit").out())
                .contains("classname=\"cluster\" name=\"Deployment shop/bad\"", ">spec.template.spec.termination");
        assertThat(reports.get("github").out())
                .startsWith("::error title=BudgetFits%3A Deployment shop/bad::spec.template")
                .endsWith("::error title=unreadable::pods: you may not read them\n");
    }

    @Test
    @DisplayName("what was asked for is one namespace, if one was named")
    void namesTheNamespace() {
        onlyIn("shop");
        answers.put("/apis/apps/v1/namespaces/shop/deployments?limit=500", list());
        assertThat(CommandLineRun.of("check", "-n", "shop", "--kubeconfig", kubeconfig)
                        .out())
                .isEqualTo("0 workloads in namespace shop: 0 fine, 0 violating\n");
    }

    /** Takes the right to list anything of all namespaces, where cluster policies are no part of one. */
    private void onlyIn(String namespace) {
        for (String kind : List.of(
                "/api/v1/%spods",
                "/apis/apps/v1/%sdeployments",
                "/apis/apps/v1/%sstatefulsets",
                "/apis/apps/v1/%sreplicasets",
                "/apis/batch/v1/%sjobs",
                "/apis/gracekeeper.io/v1alpha1/%sgracefulshutdownpolicies",
                "/apis/gracekeeper.io/v1alpha1/%sshutdownexceptions")) {
            answers.put(kind.formatted("") + "?limit=500", "forbidden");
            answers.put(kind.formatted("namespaces/" + namespace + "/") + "?limit=500", list());
        }
        answers.put("/api/v1/namespaces?limit=500", "forbidden");
        answers.put(
                "/apis/gracekeeper.io/v1alpha1/namespaces/" + namespace + "/gracefulshutdownpolicies?limit=500",
                list(POLICY));
    }

    @Test
    @DisplayName("whoever may read only one namespace gets all of it, by its labels, and is told what is missing")
    void needsNoMoreThanTheNamespace() {
        onlyIn("shop");
        answers.put("/api/v1/namespaces/shop", "{\"metadata\": {\"name\": \"shop\", \"labels\": {\"env\": \"prod\"}}}");
        answers.put("/apis/apps/v1/namespaces/shop/deployments?limit=500", list(DEPLOYMENT.formatted("slow", 25)));
        answers.put(
                "/apis/gracekeeper.io/v1alpha1/clustergracefulshutdownpolicies?limit=500",
                list("""
                {"metadata": {"name": "%s"}, "spec": {"namespaceSelector": {"matchLabels": {"env": "%s"}},
                 "requirements": {"shutdownSeconds": %d}, "validation": {"actions": ["Deny"]}}}
                """.formatted("prod", "prod", 40), """
                {"metadata": {"name": "%s"}, "spec": {"namespaceSelector": {"matchLabels": {"env": "%s"}},
                 "requirements": {"shutdownSeconds": %d}, "validation": {"actions": ["Deny"]}}}
                """.formatted("test", "test", 50)));
        answers.put("/apis/apps/v1/namespaces/shop/deployments/slow", DEPLOYMENT.formatted("slow", 25));
        String[] check = {"check", "-n", "shop", "--kubeconfig", kubeconfig};

        CommandLineRun run = CommandLineRun.of(check);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("shutdown 40s + margin 5s = 45s (cgsp/prod")
                .doesNotContain("cgsp/test");
        CommandLineRun explained = CommandLineRun.of("explain", "workload", "deploy/slow", "--kubeconfig", kubeconfig);
        assertThat(explained.err()).isEmpty();
        assertThat(explained.out()).contains("shutdown      40 s", "cgsp/prod").doesNotContain("cgsp/test");

        // Of what the cluster doesn't have, an API server says Forbidden too to those who have no right to it.
        answers.put("/apis/keda.sh/v1alpha1/namespaces/shop/scaledobjects?limit=500", "forbidden");
        answers.put("/apis/gracekeeper.io/v1alpha1", "{}");
        answers.put("/apis/gracekeeper.io/v1alpha1/clustergracefulshutdownpolicies?limit=500", "forbidden");
        CommandLineRun without = CommandLineRun.of(check);
        assertThat(without.exitCode()).isEqualTo(3);
        assertThat(without.err()).isEqualTo("cluster: clustergracefulshutdownpolicies: you may not read them\n");
        assertThat(without.out())
                .endsWith("1 workload in namespace shop: 1 fine, 0 violating, 1 problem with the input\n");
    }

    @Test
    @DisplayName("where no policy reaches, nothing is judged, and that is no clean result")
    void noPolicyReaches() {
        answers.put("/apis/gracekeeper.io/v1alpha1/namespaces/shop/gracefulshutdownpolicies?limit=500", list());
        CommandLineRun run = CommandLineRun.of("check", "-n", "shop", "--kubeconfig", kubeconfig);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("error: there is no policy for namespace shop: name one by --policy\n");
    }

    @Test
    @DisplayName("a policy that can't be used is told by its namespace, and only to those who ask for that one")
    void brokenPolicyElsewhere() {
        answers.put("/apis/gracekeeper.io/v1alpha1/gracefulshutdownpolicies?limit=500", list(POLICY, """
                {"metadata": {"name": "web", "namespace": "depot"}, "spec": {"requirements": {"marginSeconds": -1}}}"""));
        CommandLineRun all = CommandLineRun.of("check", "-A", "--kubeconfig", kubeconfig);
        assertThat(all.exitCode()).isEqualTo(3);
        assertThat(all.err())
                .startsWith(
                        "cluster: GracefulShutdownPolicy depot/web can't be used: spec.requirements.marginSeconds: ");
        assertThat(all.out()).contains("Deployment shop/bad");

        onlyIn("shop");
        answers.put("/apis/apps/v1/namespaces/shop/deployments?limit=500", list(DEPLOYMENT.formatted("bad", 20)));
        CommandLineRun one = CommandLineRun.of("check", "-n", "shop", "--kubeconfig", kubeconfig);
        assertThat(one.err()).isEmpty();
        assertThat(one.out()).contains("Deployment shop/bad");
    }

    @Test
    @DisplayName("files are judged by those of its policies that can be used, and the others are told")
    void filesByPoliciesOfTheCluster() throws IOException {
        String policies = "/apis/gracekeeper.io/v1alpha1/gracefulshutdownpolicies?limit=500";
        String broken = """
                {"metadata": {"name": "web", "namespace": "depot"}, "spec": {"requirements": {"marginSeconds": -1}}}""";
        Path file = Files.writeString(folder.resolve("d.yaml"), """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d, namespace: shop}
                spec: {template: {spec: {terminationGracePeriodSeconds: 5, containers: [{name: a}]}}}
                """);
        String[] check = {"check", file.toString(), "--kubeconfig", kubeconfig};

        answers.put(policies, list(POLICY, broken));
        CommandLineRun some = CommandLineRun.of(check);
        assertThat(some.exitCode()).isEqualTo(3);
        assertThat(some.err()).startsWith("cluster: GracefulShutdownPolicy depot/web can't be used: ");
        assertThat(some.out()).contains("error: Deployment shop/d [BudgetFits]");

        answers.put(policies, list(broken));
        CommandLineRun none = CommandLineRun.of(check);
        assertThat(none.exitCode()).isEqualTo(3);
        assertThat(none.err()).startsWith("error: no --policy, and the cluster's own can't be read: ");

        answers.put(policies, list());
        CommandLineRun empty = CommandLineRun.of(check);
        assertThat(empty.exitCode()).isEqualTo(2);
        assertThat(empty.err()).isEqualTo("error: the cluster has no policy: name one by --policy\n");
    }

    @Test
    @DisplayName("what may not be listed is told, and the rest is judged")
    void tellsWhatIsForbidden() {
        answers.put("/api/v1/pods?limit=500", "forbidden");

        CommandLineRun run = CommandLineRun.of("check", "-A", "--kubeconfig", kubeconfig);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).isEqualTo("cluster: pods: you may not read them\n");
        assertThat(run.out()).contains("Deployment shop/bad");
    }

    @Test
    @DisplayName("simulate counts no workload that another one made, where no policy speaks about it")
    void simulatesNoChildren() {
        assertThat(CommandLineRun.of("simulate", "-A", "--kubeconfig", kubeconfig)
                        .out())
                .endsWith("1 compliant, 0 fixed by injection, 2 refused, 0 warned, 0 counted, 0 not spoken about.\n");
    }

    @Test
    @DisplayName("one of them is explained and excepted by its name")
    void findsOne() {
        answers.put("/apis/apps/v1/namespaces/shop/deployments/bad", DEPLOYMENT.formatted("bad", 20));

        assertThat(CommandLineRun.of("explain", "workload", "deploy/bad", "--kubeconfig", kubeconfig)
                        .out())
                .startsWith("Deployment shop/bad: Violating\n")
                .contains("has         20 s  5 s too few");
        assertThat(CommandLineRun.of(
                                "except", "deployments/bad", "--days", "2", "--reason", "x", "--kubeconfig", kubeconfig)
                        .out())
                .contains("target: {kind: Deployment, names: [bad]}", "rules: [BudgetFits]", "namespace: shop");
        CommandLineRun missing = CommandLineRun.of("explain", "workload", "sts/none", "--kubeconfig", kubeconfig);
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).isEqualTo("error: cluster: statefulsets shop/none: not found\n");

        answers.put("/apis/gracekeeper.io/v1alpha1", "{}");
        answers.put("/apis/gracekeeper.io/v1alpha1/clustergracefulshutdownpolicies?limit=500", "forbidden");
        String told = "cluster: clustergracefulshutdownpolicies: you may not read them\n";
        CommandLineRun partly = CommandLineRun.of("explain", "workload", "deploy/bad", "--kubeconfig", kubeconfig);
        assertThat(partly.exitCode()).isEqualTo(3);
        assertThat(partly.err()).isEqualTo(told);
        assertThat(partly.out()).startsWith("Deployment shop/bad: Violating\n");
        CommandLineRun excepted =
                CommandLineRun.of("except", "deploy/bad", "--days", "2", "--reason", "x", "--kubeconfig", kubeconfig);
        assertThat(excepted.exitCode()).isEqualTo(3);
        assertThat(excepted.err()).isEqualTo(told);
        assertThat(excepted.out()).contains("target: {kind: Deployment, names: [bad]}");
        answers.put("/apis/apps/v1/namespaces/shop/deployments/bad", "forbidden");
        CommandLineRun hidden = CommandLineRun.of("explain", "workload", "deploy/bad", "--kubeconfig", kubeconfig);
        assertThat(hidden.exitCode()).isEqualTo(3);
        assertThat(hidden.err()).isEqualTo("error: cluster: deployments shop/bad: you may not read them\n");
    }

    @Test
    @DisplayName("a pod that a workload made is excepted by that workload's name, and let off by it")
    void exceptsWhatMadeThePod() throws IOException {
        answers.put(
                "/apis/gracekeeper.io/v1alpha1/gracefulshutdownpolicies?limit=500",
                list(POLICY.replace("[\"Deployment\", \"Pod\"]", "[\"Pod\"]")));
        answers.put("/api/v1/namespaces/shop/pods/child", pod("child", "child-rs"));
        String replicaSets = answers.get("/apis/apps/v1/replicasets?limit=500");
        answers.put(
                "/apis/apps/v1/namespaces/shop/replicasets/child-rs",
                replicaSets.substring(replicaSets.indexOf('[') + 1, replicaSets.length() - 2));
        String[] except = {"except", "po/child", "--days", "2", "--reason", "x", "--kubeconfig", kubeconfig};

        CommandLineRun exception = CommandLineRun.of(except);

        assertThat(exception.err()).isEmpty();
        assertThat(exception.out()).contains("name: deployment-good", "target: {kind: Deployment, names: [good]}");
        Path file = Files.writeString(folder.resolve("exception.yaml"), exception.out());
        answers.put(
                "/apis/gracekeeper.io/v1alpha1/shutdownexceptions?limit=500",
                list(new ObjectMapper(new YAMLFactory())
                        .readTree(Files.readString(file))
                        .toString()));
        assertThat(CommandLineRun.of("check", "-A", "--kubeconfig", kubeconfig).out())
                .contains("error: Pod shop/alone [BudgetFits]", "Forgiven by exception shop/deployment-good until ")
                .doesNotContain("error: Pod shop/child");

        answers.remove("/apis/apps/v1/namespaces/shop/replicasets/child-rs");
        answers.remove("/apis/gracekeeper.io/v1alpha1/shutdownexceptions?limit=500");
        CommandLineRun orphaned = CommandLineRun.of(except);
        assertThat(orphaned.out()).contains("target: {kind: ReplicaSet, names: [child-rs]}");
        assertThat(orphaned.err())
                .isEqualTo("note: what made ReplicaSet child-rs is gone or may not be read: the exception names that,"
                        + " and ends with its next rollout\n");
    }

    @Test
    @DisplayName("simulate plays a policy of a file through, beside those of the cluster, in one namespace")
    void simulates() throws IOException {
        onlyIn("shop");
        answers.put("/api/v1/namespaces/shop", "{\"metadata\": {\"name\": \"shop\", \"labels\": {\"env\": \"prod\"}}}");
        answers.put("/apis/apps/v1/namespaces/shop/deployments?limit=500", list(DEPLOYMENT.formatted("bad", 20)));
        answers.put("/apis/apps/v1/namespaces/shop/statefulsets?limit=500", list());
        Path policy = Files.writeString(folder.resolve("p.yaml"), """
                apiVersion: gracekeeper.io/v1alpha1
                kind: ClusterGracefulShutdownPolicy
                metadata: {name: base}
                spec: {namespaceSelector: {matchLabels: {env: prod}}, profile: Worker, validation: {actions: [Deny]}}
                """);

        CommandLineRun run =
                CommandLineRun.of("simulate", "-p", policy.toString(), "-n", "shop", "--kubeconfig", kubeconfig);

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Refused (1)\n  Deployment shop/bad\n    BudgetFits: ")
                .contains("(cgsp/base)");
    }

    @Test
    @DisplayName(
            "kinds of other groups are found by what the API server says of them, whatever version and plural they have")
    void discovers() {
        answers.put(
                "/apis/gracekeeper.io/v1alpha1/gracefulshutdownpolicies?limit=500",
                list(POLICY.replace("\"kinds\": [", "\"kinds\": [\"Bus.x.io\", ")));
        answers.put("/apis/x.io", """
                {"kind": "APIGroup", "name": "x.io",
                 "versions": [{"groupVersion": "x.io/v3", "version": "v3"}, {"groupVersion": "x.io/v2beta1", "version": "v2beta1"}],
                 "preferredVersion": {"groupVersion": "x.io/v3", "version": "v3"}}
                """);
        answers.put("/apis/x.io/v3", """
                {"kind": "APIResourceList", "resources": [{"name": "tickets", "kind": "Ticket", "namespaced": true}]}""");
        answers.put("/apis/x.io/v2beta1", """
                {"kind": "APIResourceList", "resources": [{"name": "buses/status", "kind": "Bus", "namespaced": true},
                 {"name": "buses", "kind": "Bus", "namespaced": true}]}""");
        answers.put("/apis/x.io/v2beta1/buses?limit=500", list(DEPLOYMENT.formatted("red", 1)));
        answers.put("/apis/x.io/v2beta1/namespaces/shop/buses/red", DEPLOYMENT.formatted("red", 1));
        String kind = "--workload-kind=Bus.x.io=spec.template";

        CommandLineRun run = CommandLineRun.of("check", "-A", kind, "--kubeconfig", kubeconfig);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("error: Bus shop/red [BudgetFits]");
        assertThat(CommandLineRun.of("explain", "workload", "Bus.x.io/red", kind, "--kubeconfig", kubeconfig)
                        .out())
                .startsWith("Bus shop/red: Violating");
    }

    @Test
    @DisplayName("a kind that is registered in the cluster has to be named here, too, and the error says how")
    void unregisteredKind() {
        answers.put(
                "/apis/gracekeeper.io/v1alpha1/gracefulshutdownpolicies?limit=500",
                list(POLICY, POLICY.replace("web", "buses").replace("\"kinds\": [", "\"kinds\": [\"Bus\", ")));

        CommandLineRun run = CommandLineRun.of("check", "-A", "--kubeconfig", kubeconfig);
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .startsWith("cluster: GracefulShutdownPolicy shop/buses can't be used: spec.match.kinds[0]: \"Bus\" is")
                .endsWith("in the Helm values of Gracekeeper; here by --workload-kind KIND.GROUP=PATH\n");
    }

    @Test
    @DisplayName("a kind that the cluster doesn't have is told, and the rest is judged")
    void unknownKind() {
        answers.put(
                "/apis/gracekeeper.io/v1alpha1/gracefulshutdownpolicies?limit=500",
                list(POLICY.replace("\"kinds\": [", "\"kinds\": [\"Bus\", ")));
        String kind = "--workload-kind=Bus.x.io=spec.template";

        CommandLineRun run = CommandLineRun.of("check", "-A", kind, "--kubeconfig", kubeconfig);
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).isEqualTo("cluster: Bus.x.io: the cluster has no such kind\n");
        assertThat(run.out()).contains("Deployment shop/bad");

        answers.put("/apis/x.io", "{\"preferredVersion\": {\"version\": \"v1\"}}");
        answers.put("/apis/x.io/v1", "{\"resources\": []}");
        assertThat(CommandLineRun.of("check", "-A", kind, "--kubeconfig", kubeconfig)
                        .err())
                .isEqualTo("cluster: Bus.x.io: the cluster has no such kind\n");
        answers.put("/apis/x.io", "forbidden");
        assertThat(CommandLineRun.of("check", "-A", kind, "--kubeconfig", kubeconfig)
                        .err())
                .isEqualTo("cluster: Bus.x.io: you may not read them\n");
    }

    @Test
    @DisplayName("a namespace that is not there is a mistake of typing, and no clean one")
    void unknownNamespace() {
        CommandLineRun run = CommandLineRun.of("check", "-n", "shopp", "--kubeconfig", kubeconfig);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("error: the cluster has no namespace \"shopp\"\n");

        answers.put("/api/v1/namespaces/shopp", "forbidden");
        answers.put("/apis/apps/v1/namespaces/shopp/deployments?limit=500", list());
        assertThat(CommandLineRun.of("check", "-n", "shopp", "--kubeconfig", kubeconfig)
                        .err())
                .doesNotContain("no namespace");
    }

    @Test
    @DisplayName("a cluster that doesn't answer is told in a line")
    void tellsSilence() {
        server.stop(0);

        CommandLineRun run = CommandLineRun.of("check", "-A", "--kubeconfig", kubeconfig);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("error: the cluster can't be reached: http://127.0.0.1:")
                .endsWith("/: no connection\n")
                .hasLineCount(1);
        CommandLineRun without = CommandLineRun.withInput("", "check", "--kubeconfig", kubeconfig, "-");
        assertThat(without.exitCode()).isEqualTo(2);
        assertThat(without.err()).startsWith("error: no --policy, and the cluster can't be reached: ");
    }
}
