package io.gracekeeper.e2e.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** kubectl, as users run it, bound to one namespace. */
public final class Kubectl {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> base;
    private final String namespace;

    Kubectl(String program, Path kubeconfig, String namespace) {
        this.base = List.of(program, "--kubeconfig", kubeconfig.toString(), "--namespace", namespace);
        this.namespace = namespace;
    }

    /** The namespace that it speaks about. */
    public String namespace() {
        return namespace;
    }

    /** Runs it; the caller looks at the exit code. */
    public Command.Result run(String... arguments) {
        return command(arguments).run();
    }

    /** Runs it with this manifest on standard input, to be named by {@code -f -} where the arguments don't. */
    public Command.Result with(String manifest, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("-f")) {
            all.addAll(List.of("-f", "-"));
        }
        return command(all.toArray(String[]::new)).withInput(manifest).run();
    }

    /** Runs it, and fails with what it says unless it succeeds. */
    public String ok(String... arguments) {
        return run(arguments).orFail().out();
    }

    /** Applies a manifest client-side, and fails with what it says unless it succeeds. */
    public Command.Result apply(String manifest) {
        return with(manifest, "apply").orFail();
    }

    /** One object, or a list of them. */
    public JsonNode get(String... arguments) {
        List<String> all = new ArrayList<>(List.of("get"));
        all.addAll(List.of(arguments));
        // Without it, kubectl leaves out who owns which field.
        all.addAll(List.of("-o", "json", "--show-managed-fields"));
        return tree(ok(all.toArray(String[]::new)));
    }

    String version() {
        return tree(ok("version", "-o", "json"))
                .path("serverVersion")
                .path("gitVersion")
                .asText();
    }

    private static JsonNode tree(String printed) {
        try {
            return JSON.readTree(printed);
        } catch (JsonProcessingException e) {
            throw new AssertionError("kubectl printed no JSON: " + printed, e);
        }
    }

    /** The command without running it, for callers that need it longer. */
    public Command command(String... arguments) {
        List<String> words = new ArrayList<>(base);
        words.addAll(List.of(arguments));
        return Command.of(words);
    }
}
