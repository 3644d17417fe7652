package io.gracekeeper.image.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Jars and JVM flags, laid out as they are in the image. */
record Application(Path root, List<Path> jars) {
    /** Libraries of others: change seldom, so they are a layer of their own. */
    static final String LIBRARIES = "app/lib";

    /** Our own jars. */
    static final String OWN = "app/gracekeeper";

    /** Flags and class path of a process, for {@code java @file}: in the folder in which the process is started. */
    static final String ARGUMENTS = "jvm.args";

    /** What the training run of a process writes, in the same folder. */
    private static final String AOT_CACHE = "startup.aot";

    private static final String OWN_JARS = "gracekeeper-";

    /**
     * Copies the jars; of what was there before only the caches stay.
     *
     * @param root the image's root folder
     * @param classPath the jars in the order of the class path
     */
    static Application layOut(Path root, List<Path> classPath) throws IOException {
        deleteAllButCaches(root.resolve("app"));
        List<Path> jars = new ArrayList<>();
        for (Path jar : classPath) {
            if (Files.isDirectory(jar)) {
                throw new IllegalArgumentException(
                        jar + " is a folder: the image is built from jars, so run at least the package phase");
            }
            String name = jar.getFileName().toString();
            Path target =
                    root.resolve(name.startsWith(OWN_JARS) ? OWN : LIBRARIES).resolve(name);
            Files.createDirectories(target.getParent());
            UnsignedJar.copy(jar, target);
            jars.add(target);
        }
        return new Application(root, List.copyOf(jars));
    }

    private static void deleteAllButCaches(Path app) throws IOException {
        Files.createDirectories(app);
        try (Stream<Path> found = Files.list(app)) {
            for (Path path : found.toList()) {
                if (!Training.PROCESSES.contains(path.getFileName().toString())) {
                    Folders.delete(path);
                }
            }
        }
    }

    /** Writes the argument file of each process: the flags of both, its own, its cache and the class path. */
    void writeArguments(Path flags) throws IOException {
        String classPath = String.join(":", jars.stream().map(this::inImage).toList());
        for (String process : Training.PROCESSES) {
            Files.createDirectories(folder(process));
            Files.writeString(
                    folder(process).resolve(ARGUMENTS),
                    String.join("\n", flags(flags, process)) + "\n-XX:AOTCache=" + inImage(cache(process))
                            + "\n-classpath\n" + classPath + "\n");
        }
    }

    /** The folder in which a process is started, with all that is its own. */
    Path folder(String process) {
        return root.resolve("app").resolve(process);
    }

    /** Where the AOT cache of a process belongs. */
    Path cache(String process) {
        return folder(process).resolve(AOT_CACHE);
    }

    /** The arguments for the training run of a process, without the cache that it is about to write. */
    List<String> trainingArguments(Path flags, String process) throws IOException {
        List<String> arguments = new ArrayList<>(flags(flags, process));
        arguments.add("-classpath");
        arguments.add(String.join(":", jars.stream().map(Path::toString).toList()));
        return List.copyOf(arguments);
    }

    /** The committed flags: those of both processes, then its own. */
    private static List<String> flags(Path flags, String process) throws IOException {
        List<String> all = new ArrayList<>(Files.readAllLines(flags.resolve(ARGUMENTS)));
        all.addAll(Files.readAllLines(flags.resolve(process + ".args")));
        all.replaceAll(String::strip);
        all.removeIf(line -> line.isEmpty() || line.startsWith("#"));
        return all;
    }

    private String inImage(Path file) {
        return "/" + root.relativize(file);
    }
}
