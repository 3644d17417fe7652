package io.gracekeeper.image.build;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.Ports;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** The image as a tar: layers from what changes seldom to what changes with every build. */
record ImageTar(Path root, Path cache, Path tar, String reference, Instant created) {
    private static final String USER = "65532:65532";

    /** By default glibc keeps a pool of freed memory for each thread or two; the JVM asks it for little, and seldom. */
    private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "1");

    private static final List<String> PORTS = List.of("8443", "8081");

    /** Writes the tar. All files belong to root and nobody may write to them; times are those of {@code created}. */
    void write() throws IOException {
        try {
            ImageReference image = ImageReference.parse(reference);
            JibContainerBuilder builder = Jib.fromScratch()
                    .setPlatforms(Set.of(new Platform(architecture(), "linux")))
                    .setCreationTime(created)
                    .setUser(USER)
                    .setWorkingDirectory(AbsoluteUnixPath.get("/app/webhook"))
                    .setEnvironment(ENVIRONMENT)
                    .setExposedPorts(Ports.parse(PORTS))
                    .setEntrypoint(
                            "/" + JavaRuntime.HOME + "/bin/java",
                            "@" + Application.ARGUMENTS,
                            "io.gracekeeper.image.Main")
                    .setLabels(labels(image))
                    .addFileEntriesLayer(layer("system", "etc", "lib", "lib64", "usr", "var"))
                    .addFileEntriesLayer(layer("java", JavaRuntime.HOME))
                    .addFileEntriesLayer(layer("libraries", Application.LIBRARIES))
                    .addFileEntriesLayer(layer("gracekeeper", gracekeeper()));
            builder.containerize(Containerizer.to(TarImage.at(tar).named(image))
                    .setOfflineMode(true)
                    .setBaseImageLayersCache(cache)
                    .setApplicationLayersCache(cache)
                    .setToolName("gracekeeper"));
        } catch (InvalidImageReferenceException e) {
            throw new IllegalArgumentException("\"" + reference + "\" is not the name of an image", e);
        } catch (CacheDirectoryCreationException | RegistryException | ExecutionException e) {
            throw new IllegalStateException("can't write " + tar, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writing " + tar, e);
        }
    }

    private static String[] gracekeeper() {
        return Stream.concat(
                        Stream.of(Application.OWN), Training.PROCESSES.stream().map(process -> "app/" + process))
                .toArray(String[]::new);
    }

    private FileEntriesLayer layer(String name, String... paths) throws IOException {
        var layer = FileEntriesLayer.builder().setName(name);
        for (String path : paths) {
            Path start = root.resolve(path);
            if (Files.exists(start)) {
                for (Path file : Folders.files(start)) {
                    FilePermissions permissions =
                            FilePermissions.fromOctalString(Files.isExecutable(file) ? "555" : "444");
                    layer.addEntry(file, AbsoluteUnixPath.get("/" + root.relativize(file)), permissions, created);
                }
            }
        }
        return layer.build();
    }

    private static Map<String, String> labels(ImageReference image) {
        return Map.of(
                "org.opencontainers.image.title", "Gracekeeper",
                "org.opencontainers.image.description", "Graceful shutdown as a policy of the Kubernetes cluster",
                "org.opencontainers.image.licenses", "Apache-2.0",
                "org.opencontainers.image.vendor", "The Gracekeeper authors",
                "org.opencontainers.image.version", image.getTag().orElse("latest"));
    }

    private static String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("aarch64") ? "arm64" : name;
    }
}
