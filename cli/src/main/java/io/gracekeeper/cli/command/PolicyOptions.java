package io.gracekeeper.cli.command;

import io.gracekeeper.cli.manifest.InputFiles;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import io.gracekeeper.cli.policies.PolicySet;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about what is judged by, the same for every command. */
final class PolicyOptions {
    @Option(
            names = {"-p", "--policy"},
            paramLabel = "FILE",
            description = "File, folder or glob with policies; may be repeated. Without it: those of the cluster.")
    List<String> policyFiles = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description =
                    "Namespace of policies and manifests that name none (default: the one that all policies name, or default).")
    @Nullable
    String namespace;

    @Option(
            names = "--namespace-labels",
            paramLabel = "KEY=VALUE",
            split = ",",
            description = "Labels of that namespace, for cluster policies that select by them, for instance env=prod.")
    Map<String, String> namespaceLabels = new LinkedHashMap<>();

    @Option(
            names = "--workload-kind",
            paramLabel = "KIND.GROUP=PATH",
            description =
                    "A kind of another group that makes pods, and the path of its pod template, as in the chart's values: Rollout.argoproj.io=spec.template. May be repeated.")
    Map<String, String> workloadKinds = new LinkedHashMap<>();

    @Option(
            names = "--max-termination-grace-period-seconds",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "The cluster's hard cap, as in the chart's values (default: ${DEFAULT-VALUE}).")
    int maxGrace;

    /** What an installation would fix. */
    EngineSettings settings() {
        List<WorkloadKind> kinds = new ArrayList<>();
        workloadKinds.forEach((name, path) -> {
            int dot = name.indexOf('.');
            if (dot <= 0 || path.isBlank()) {
                throw new UserError("--workload-kind " + name + "=" + path
                        + ": write KIND.GROUP=PATH, as in Rollout.argoproj.io=spec.template");
            }
            kinds.add(new WorkloadKind(
                    name.substring(dot + 1), name.substring(0, dot), List.of(path.split("\\.", -1)), true, Set.of()));
        });
        return new EngineSettings(maxGrace, EngineSettings.SYSTEM_NAMESPACES, WorkloadKinds.BUILT_IN.with(kinds));
    }

    /** Reads the policies from files. */
    PolicyReader reader(InputFiles inputs, Consumer<Unreadable> problems) {
        var reader = new PolicyReader(settings(), problems);
        for (Path file : inputs.find(policyFiles)) {
            inputs.load(file, text -> ManifestReader.read(text, reader.nextInput()));
        }
        return reader;
    }

    /** What was read, with what the options add. */
    PolicySet policies(PolicyReader reader) {
        PolicySet set = reader.policies(namespace);
        if (namespaceLabels.isEmpty()) {
            return set;
        }
        Map<String, String> labels = new LinkedHashMap<>(namespaceLabels);
        labels.put("kubernetes.io/metadata.name", set.defaultNamespace());
        return set.withNamespace(set.defaultNamespace(), labels);
    }
}
