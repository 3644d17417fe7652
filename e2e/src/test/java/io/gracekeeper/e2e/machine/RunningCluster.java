package io.gracekeeper.e2e.machine;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster, or an API server alone, that runs until it is closed. */
public final class RunningCluster implements AutoCloseable {
    private final String name;
    private final Path kubeconfig;
    private final String kubectl;
    private final AtomicInteger namespaces = new AtomicInteger();
    private final Thread downOnInterrupt;
    private volatile boolean keepLogs;

    private RunningCluster(String name, String... flags) {
        this.name = name;
        // Closing is for the end of the tests; a Ctrl-C comes without it.
        this.downOnInterrupt = new Thread(() -> ClusterTool.on(name, "down"), "cluster-down");
        Runtime.getRuntime().addShutdownHook(downOnInterrupt);
        this.kubeconfig = ClusterTool.up(name, flags);
        this.kubectl = ClusterTool.which("kubectl");
        ClusterTool.endOrphans(folder().resolveSibling("."));
    }

    /**
     * API server, etcd and controllers; needs no root. It keeps {@code lifecycle.stopSignal}, which one with Kubernetes' defaults
     * drops before a webhook sees it: otherwise one of our rules could not be seen at work.
     */
    public static RunningCluster apiServer() {
        return new RunningCluster(
                ClusterTool.uniqueName("api"),
                "--api-server-only",
                "--with-controller-manager",
                "--feature-gates",
                "ContainerStopSignals=true");
    }

    /** The whole of it, with a node. */
    public static RunningCluster whole() {
        return new RunningCluster(ClusterTool.uniqueName("node"));
    }

    /** Its kubeconfig, of a member of system:masters. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** A kubeconfig of a ServiceAccount, with its rights and no others; of two hours. */
    public Path kubeconfigOf(String namespace, String serviceAccount) {
        try {
            Path copy = Files.createTempFile(serviceAccount, ".kubeconfig");
            copy.toFile().deleteOnExit();
            Files.copy(kubeconfig, copy, StandardCopyOption.REPLACE_EXISTING);
            String token = kubectl(namespace)
                    .ok("create", "token", serviceAccount, "--duration=2h")
                    .strip();
            Kubectl own = kubectl(namespace, copy);
            own.ok("config", "set-credentials", serviceAccount, "--token=" + token);
            own.ok("config", "set-context", "--current", "--user=" + serviceAccount);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a Java client needs to reach it. */
    public Config clientConfig() {
        return Config.fromKubeconfig(kubeconfig.toFile());
    }

    /** The version of its API server, for instance v1.37.2. */
    public String version() {
        return kubectl("default").version();
    }

    /** kubectl for a namespace that is there. */
    public Kubectl kubectl(String namespace) {
        return new Kubectl(kubectl, kubeconfig, namespace);
    }

    /** The same by another kubeconfig. */
    public Kubectl kubectl(String namespace, Path otherKubeconfig) {
        return new Kubectl(kubectl, otherKubeconfig, namespace);
    }

    /** A new namespace with these labels ({@code key=value}), its name beginning with a word. */
    public Kubectl newNamespace(String word, String... labels) {
        Kubectl created = kubectl(word + "-" + namespaces.incrementAndGet());
        created.ok("create", "namespace", created.namespace());
        if (labels.length > 0) {
            String[] label = {"label", "namespace", created.namespace()};
            String[] all = Arrays.copyOf(label, label.length + labels.length);
            System.arraycopy(labels, 0, all, label.length, labels.length);
            created.ok(all);
        }
        return created;
    }

    /** Helm as users run it. */
    public Command helm(String... arguments) {
        var words = new ArrayList<>(List.of(ClusterTool.which("helm"), "--kubeconfig", kubeconfig.toString()));
        words.addAll(List.of(arguments));
        return Command.of(words);
    }

    /** Imports an image into the node. */
    public void load(Path imageTar) {
        ClusterTool.on(name, "load", imageTar.toString()).orFail();
    }

    /** A command in the network and with the processes of the node. */
    public Command.Result inNode(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "exec";
        System.arraycopy(words, 0, all, 1, words.length);
        return ClusterTool.on(name, all);
    }

    /** How much memory the processes in it take whose command line has this word: by their last argument and id, in MiB. */
    public Map<String, Long> residentMegabytes(String word) {
        Map<String, Long> all = new TreeMap<>();
        ProcessHandle.allProcesses().forEach(process -> {
            Path proc = Path.of("/proc/" + process.pid());
            try {
                String[] words = Files.readString(proc.resolve("cmdline")).split("\0");
                if (Arrays.asList(words).contains(word)
                        && Files.readString(proc.resolve("cgroup")).contains("gracekeeper-" + name + "-")) {
                    Files.readString(proc.resolve("status"))
                            .lines()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .forEach(line -> all.put(
                                    words[words.length - 1] + " " + process.pid(),
                                    Long.parseLong(line.replaceAll("\\D", "")) / 1024));
                }
            } catch (IOException ended) {
                // It was none of ours.
            }
        });
        return all;
    }

    /** Has the logs kept when it is closed. */
    public void keepLogs() {
        keepLogs = true;
    }

    /** Kills the API server; the other programs stay. Whatever it returns starts it again as it was. */
    public Runnable killApiServer() {
        try {
            Path record = folder().resolve("pids/kube-apiserver");
            long pid = Long.parseLong(Files.readString(record).split(" ")[0]);
            List<String> words = Arrays.stream(Files.readString(Path.of("/proc/" + pid + "/cmdline"))
                            .split("\0"))
                    .toList();
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            process.destroyForcibly();
            process.onExit().join();
            return () -> startAgain(words, record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startAgain(List<String> words, Path record) {
        File log = folder().resolve("log/kube-apiserver.log").toFile();
        var builder = new ProcessBuilder(whereItWas(words))
                .directory(folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.environment()
                .keySet()
                .removeIf(key -> key.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        try {
            long pid = builder.start().pid();
            // The form that lib/process.sh writes and `down` reads: pid, start time, boot.
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String started = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            Files.writeString(record, pid + " " + started + " " + boot + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the namespaces of the node, where there is one. */
    private List<String> whereItWas(List<String> words) {
        Path node = folder().resolve("pids/node");
        if (!Files.exists(node)) {
            return words;
        }
        try {
            String target = Files.readString(node).split(" ")[0];
            var inside = new ArrayList<>(
                    List.of("nsenter", "--target", target, "--net", "--mount", "--", "env", "--chdir", "/run/cluster"));
            inside.addAll(words);
            return inside;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path folder() {
        return kubeconfig.getParent();
    }

    @Override
    public void close() {
        if (keepLogs) {
            Path target = Checkout.logs().resolve(name);
            ClusterTool.on(name, "logs", target.toString());
            System.err.println("A test failed; the logs of cluster \"" + name + "\" are in " + target);
        }
        ClusterTool.on(name, "down").orFail();
        Runtime.getRuntime().removeShutdownHook(downOnInterrupt);
    }
}
