package io.gracekeeper.image.build;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Entry point of the image build: {@code BuildImage <jar> <class path file> <folder of flags> <work folder> <tar> <image reference>
 * <creation time>}.
 */
public final class BuildImage {
    private final Path jar;
    private final Path classPathFile;
    private final Path flags;
    private final Path work;
    private final Path tar;
    private final String reference;
    private final Instant created;

    private BuildImage(List<String> args) {
        jar = Path.of(args.get(0));
        classPathFile = Path.of(args.get(1));
        flags = Path.of(args.get(2));
        work = Path.of(args.get(3));
        tar = Path.of(args.get(4));
        reference = args.get(5);
        created = Instant.parse(args.get(6));
    }

    /**
     * Builds the image and says how long each step took.
     *
     * @param args as the type says
     * @throws IOException if a file can't be read or written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 7) {
            throw new IllegalArgumentException("expected 7 arguments, got " + args.length);
        }
        new BuildImage(List.of(args)).build();
    }

    private void build() throws IOException {
        Path root = work.resolve("root");
        Files.createDirectories(root);
        Path javaHome = timed("Java runtime", () -> JavaRuntime.link(root));
        Application application = timed("system files and jars", () -> {
            SystemFiles.gather(root, javaHome);
            Application laidOut = Application.layOut(root, classPath());
            laidOut.writeArguments(flags);
            Folders.setTimes(root, created);
            return laidOut;
        });
        timed("training run", () -> {
            train(javaHome.resolve("bin/java"), application);
            return application;
        });
        timed("tar", () -> {
            new ImageTar(root, work.resolve("layers"), tar, reference, created).write();
            return tar;
        });
        System.out.printf(
                "image   %-24s %6.1f MB  %s%n", reference.replaceFirst(".*/", ""), Files.size(tar) / 1e6, tar);
    }

    /** Half of the build's time, so only if something that it depends on has changed. */
    private void train(Path java, Application application) throws IOException {
        var stamp = new Stamp(
                work.resolve("training.stamp"),
                List.of(
                        work.resolve("runtime.stamp"),
                        application.root().resolve(Application.LIBRARIES),
                        application.root().resolve(Application.OWN),
                        flags,
                        ownCode()));
        if (stamp.isCurrent()
                && Training.PROCESSES.stream().map(application::cache).allMatch(Files::exists)) {
            return;
        }
        stamp.remove();
        new Training(work.resolve("training"), flags, java, application).run();
        stamp.write();
    }

    private static Path ownCode() {
        try {
            return Path.of(BuildImage.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("this code was not loaded from a file", e);
        }
    }

    private List<Path> classPath() throws IOException {
        List<Path> jars = new ArrayList<>();
        jars.add(jar);
        for (String entry : Files.readString(classPathFile).strip().split(":", -1)) {
            jars.add(Path.of(entry));
        }
        return jars;
    }

    private static <T> T timed(String step, Step<T> work) throws IOException {
        long start = System.nanoTime();
        T result = work.run();
        System.out.printf(
                "image   %-24s %6.1f s%n",
                step, Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3);
        return result;
    }

    private interface Step<T> {
        T run() throws IOException;
    }
}
