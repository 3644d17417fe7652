package io.gracekeeper.cli.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Entry point of the packing: {@code BuildDistribution <jar> <class path file> <distribution sources> <target folder> <creation
 * time>}. Writes {@code gracekeeper-cli/{bin,lib,runtime}} and {@code gracekeeper-cli.tar.gz} into the target folder.
 */
public final class BuildDistribution {
    private static final String NAME = "gracekeeper-cli";
    private static final String CACHE = "lib/gracekeeper.aot";

    /**
     * Found by running every command. java.logging and java.naming: fabric8's client; java.net.http: its connections; jdk.unsupported:
     * sun.misc.Unsafe of libraries.
     */
    private static final List<String> MODULES =
            List.of("java.base", "java.logging", "java.naming", "java.net.http", "jdk.unsupported");

    private final Path jar;
    private final Path classPathFile;
    private final Path sources;
    private final Path target;
    private final Path root;
    private final FileTime created;

    private BuildDistribution(List<String> args) {
        jar = Path.of(args.get(0));
        classPathFile = Path.of(args.get(1));
        sources = Path.of(args.get(2));
        target = Path.of(args.get(3));
        root = target.resolve(NAME);
        created = FileTime.from(Instant.parse(args.get(4)));
    }

    /**
     * Packs.
     *
     * @param args as the type says
     * @throws IOException if a file can't be read or written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 5) {
            throw new IllegalArgumentException("expected 5 arguments, got " + args.length);
        }
        new BuildDistribution(List.of(args)).build();
    }

    private void build() throws IOException {
        long start = System.nanoTime();
        link();
        List<String> jars = copyJars();
        writeLaunchers(jars);
        setTimes();
        train(jars);
        Path tar = target.resolve(NAME + ".tar.gz");
        run(
                target,
                List.of(
                        "tar",
                        "--sort=name",
                        "--owner=0",
                        "--group=0",
                        "--numeric-owner",
                        "-czf",
                        tar.toString(),
                        NAME));
        System.out.printf(
                "cli     %-24s %6.1f MB, AOT cache %.1f MB, %.1f s  %s%n",
                tar.getFileName(),
                Files.size(tar) / 1e6,
                Files.size(root.resolve(CACHE)) / 1e6,
                (System.nanoTime() - start) / 1e9,
                root.resolve("bin/kubectl-gracekeeper"));
    }

    /** Links the runtime with the jlink of the JDK that runs this, unless the same one is there already. */
    private void link() throws IOException {
        Path jdk = Path.of(System.getProperty("java.home"));
        Path home = root.resolve("runtime");
        Path stamp = target.resolve("runtime.stamp");
        String wanted = Files.readString(jdk.resolve("release")) + String.join(",", MODULES);
        if (Files.isExecutable(home.resolve("bin/java"))
                && Files.exists(stamp)
                && Files.readString(stamp).equals(wanted)) {
            return;
        }
        delete(home);
        Files.createDirectories(root);
        run(
                target,
                List.of(
                        jdk.resolve("bin/jlink").toString(),
                        "--add-modules",
                        String.join(",", MODULES),
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        home.toString()));
        Files.writeString(stamp, wanted);
    }

    /** Copies the jars, in the order of the class path, which the cache is bound to. */
    private List<String> copyJars() throws IOException {
        Path lib = root.resolve("lib");
        delete(lib);
        Files.createDirectories(lib);
        List<Path> classPath = new ArrayList<>(List.of(jar));
        for (String entry : Files.readString(classPathFile).strip().split(":", -1)) {
            classPath.add(Path.of(entry));
        }
        List<String> names = new ArrayList<>();
        for (Path entry : classPath) {
            if (Files.isDirectory(entry)) {
                throw new IllegalArgumentException(
                        entry + " is a folder: packing takes jars, so run at least the package phase");
            }
            String name = entry.getFileName().toString();
            ModernClasses.copy(entry, lib.resolve(name), created);
            names.add(name);
        }
        return names;
    }

    private List<String> flags() throws IOException {
        try (Stream<String> lines = Files.lines(sources.resolve("jvm.flags"))) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        }
    }

    private void writeLaunchers(List<String> jars) throws IOException {
        Path bin = root.resolve("bin");
        delete(bin);
        Files.createDirectories(bin);
        String classPath = String.join(
                ":", jars.stream().map(name -> "$bin/../lib/" + name).toList());
        String script = Files.readString(sources.resolve("kubectl-gracekeeper"))
                .replace("@FLAGS@", String.join(" ", flags()))
                .replace("@CLASSPATH@", classPath);
        executable(bin.resolve("kubectl-gracekeeper"), script);
        String completer = "kubectl_complete-gracekeeper";
        executable(bin.resolve(completer), Files.readString(sources.resolve(completer)));
    }

    private static void executable(Path file, String script) throws IOException {
        Files.setPosixFilePermissions(Files.writeString(file, script), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The cache knows its jars by size and time, in whole seconds, which a tar keeps. */
    private void setTimes() throws IOException {
        try (Stream<Path> found = Files.walk(root)) {
            for (Path path : found.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(path, created);
            }
        }
    }

    private void train(List<String> jars) throws IOException {
        Path cache = root.resolve(CACHE);
        List<String> command = new ArrayList<>();
        command.add(root.resolve("runtime/bin/java").toString());
        command.addAll(flags());
        command.add("-XX:AOTCacheOutput=" + cache);
        command.add("-cp");
        command.add(String.join(
                ":", jars.stream().map(name -> root + "/lib/" + name).toList()));
        command.add("io.gracekeeper.cli.Training");
        command.add("commands");
        String output = run(sources.resolve("training"), command);
        Files.writeString(target.resolve("training.log"), output);
        if (output.lines().anyMatch(line -> line.startsWith("70 ") || line.startsWith("2 ")) || !Files.exists(cache)) {
            throw new IllegalStateException("the training run failed:\n" + output);
        }
        Files.setLastModifiedTime(cache, created);
    }

    private static String run(Path folder, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with " + code + ":\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command.getFirst(), e);
        }
        return output;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
