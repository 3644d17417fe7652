package io.gracekeeper.cli.command;

import io.gracekeeper.cli.manifest.InputFiles;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import io.gracekeeper.cli.policies.PolicySet;
import io.gracekeeper.policy.EngineSettings;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about what is judged by, the same for every command. */
final class PolicyOptions {
    @Option(
            names = {"-p", "--policy"},
            paramLabel = "FILE",
            description = "File, folder or glob with policies; may be repeated.")
    List<String> policyFiles = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace of policies and manifests that name none (default: default).")
    @Nullable
    String namespace;

    @Option(
            names = "--max-termination-grace-period-seconds",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "The cluster's hard cap, as in the chart's values (default: ${DEFAULT-VALUE}).")
    int maxGrace;

    EngineSettings limits() {
        return new EngineSettings(maxGrace);
    }

    String defaultNamespace() {
        return namespace == null ? "default" : namespace;
    }

    /** Reads the policies; what is wrong with them goes to {@code problems}. */
    PolicySet load(InputStream stdin, Consumer<Unreadable> problems) {
        if (policyFiles.isEmpty()) {
            throw new UserError("no policy: name at least one file by --policy");
        }
        var inputs = new InputFiles(stdin, problems);
        var reader = new PolicyReader(defaultNamespace(), limits(), problems);
        for (Path file : inputs.find(policyFiles)) {
            inputs.load(file, text -> ManifestReader.read(text, reader));
        }
        return reader.policies();
    }
}
