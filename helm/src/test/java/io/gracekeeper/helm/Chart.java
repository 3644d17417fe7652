package io.gracekeeper.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The chart in the source tree, rendered as {@code helm install gracekeeper -n gracekeeper-system} would. */
final class Chart {
    static final Path FOLDER = Path.of("gracekeeper");
    static final String RELEASE = "gracekeeper";
    static final String NAMESPACE = "gracekeeper-system";
    static final String OLDEST_KUBERNETES = "1.30.0";
    static final String NEWEST_KUBERNETES = "1.37.2";

    private static final YAMLMapper YAML = new YAMLMapper();

    private Chart() {}

    static Helm helm() {
        return new Helm(FOLDER);
    }

    /** What the default values give. */
    static Rendered render() {
        return render("{}");
    }

    /** What the default values give with these laid over them, as YAML. */
    static Rendered render(String values) {
        return render(RELEASE, NAMESPACE, NEWEST_KUBERNETES, values);
    }

    static Rendered render(String release, String namespace, String kubernetes, String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values);
                return new Rendered(helm().template()
                        .withName(release)
                        .withNamespace(namespace)
                        .withKubeVersion(kubernetes)
                        .withValuesFile(file)
                        .call());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode values() {
        return yaml(FOLDER.resolve("values.yaml"));
    }

    static JsonNode yaml(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
