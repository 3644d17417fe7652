package io.gracekeeper.cli.command;

import io.gracekeeper.cli.cluster.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A workload of the cluster, as kubectl takes it: {@code deploy/checkout}.
 *
 * @param kind for instance {@code Deployment}
 * @param name of the workload
 */
record WorkloadName(String kind, String name) {
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z][A-Za-z0-9]*(?:\\.[a-z0-9.-]+)?)/([a-z0-9]([a-z0-9.-]*[a-z0-9])?)");

    /** Reads what the user typed; null where it is a file's name. A file that is there wins. */
    static @Nullable WorkloadName parse(String typed) {
        Matcher form = FORM.matcher(typed);
        boolean file = typed.endsWith(".yaml") || typed.endsWith(".yml") || typed.endsWith(".json");
        if (file || !form.matches() || Files.exists(Path.of(typed))) {
            return null;
        }
        return new WorkloadName(Resource.kindNamed(form.group(1)), form.group(2));
    }
}
