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

    /** Flags and class path, for {@code java @file}. */
    static final String ARGUMENTS = "app/jvm.args";

    /** What the training run writes. */
    static final String AOT_CACHE = "app/gracekeeper.aot";

    private static final String OWN_JARS = "gracekeeper-";

    /**
     * Copies the jars.
     *
     * @param root the image's root folder
     * @param classPath the jars in the order of the class path
     */
    static Application layOut(Path root, List<Path> classPath) throws IOException {
        Folders.delete(root.resolve("app"));
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
            jars.add(Files.copy(jar, target));
        }
        return new Application(root, List.copyOf(jars));
    }

    /** Writes the image's argument file from the committed flags and the class path. */
    void writeArguments(Path flags) throws IOException {
        String classPath = String.join(":", jars.stream().map(this::inImage).toList());
        Files.writeString(root.resolve(ARGUMENTS), Files.readString(flags) + "\n-classpath\n" + classPath + "\n");
    }

    /** The committed flags as arguments for the training run, without the cache that it is about to write. */
    List<String> trainingArguments(Path flags) throws IOException {
        try (Stream<String> lines = Files.lines(flags)) {
            List<String> arguments = new ArrayList<>(lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("-XX:AOTCache="))
                    .toList());
            arguments.add("-classpath");
            arguments.add(String.join(":", jars.stream().map(Path::toString).toList()));
            return List.copyOf(arguments);
        }
    }

    private String inImage(Path file) {
        return "/" + root.relativize(file);
    }
}
