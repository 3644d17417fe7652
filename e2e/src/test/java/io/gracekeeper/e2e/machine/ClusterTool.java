package io.gracekeeper.e2e.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs {@code e2e/cluster/cluster}. */
public final class ClusterTool {
    /** Enough to build every program of a cluster on a slow machine. */
    private static final Duration LONGEST = Duration.ofMinutes(40);

    /** Names end with the id of the JVM that made them, so that checkouts and users don't meet. */
    private static final Pattern OURS = Pattern.compile("it-[a-z]+-(\\d+)");

    private ClusterTool() {}

    /** A name that no other run has. */
    static String uniqueName(String kind) {
        return "it-" + kind + "-" + ProcessHandle.current().pid();
    }

    /** Starts a cluster, building what the cache lacks first; says each step on standard error. Returns its kubeconfig. */
    static Path up(String name, String... flags) {
        List<String> words = new ArrayList<>(List.of("up", "--name", name));
        words.addAll(List.of(flags));
        String out = command(words)
                .withProgress(LONGEST, ClusterTool::say)
                .run()
                .orFail()
                .out();
        return Path.of(out.strip());
    }

    /** Runs a command on one cluster. */
    static Command.Result on(String name, String... words) {
        List<String> all = new ArrayList<>(List.of(words[0], "--name", name));
        all.addAll(List.of(words).subList(1, words.length));
        return command(all).run();
    }

    /** The path of a program of the cluster's version. */
    static String which(String program) {
        return command(List.of("which", program)).run().orFail().out().strip();
    }

    /** Ends what runs have left behind that were killed before they could. */
    static void endOrphans(Path clusters) {
        if (!Files.isDirectory(clusters)) {
            return;
        }
        try (Stream<Path> folders = Files.list(clusters)) {
            folders.map(folder -> OURS.matcher(folder.getFileName().toString()))
                    .filter(Matcher::matches)
                    .filter(name ->
                            ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty())
                    .forEach(name -> on(name.group(), "down"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Command command(List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(Checkout.clusterTool().toString()));
        words.addAll(arguments);
        return Command.of(words);
    }

    private static void say(String line) {
        System.err.println("cluster: " + line);
    }
}
