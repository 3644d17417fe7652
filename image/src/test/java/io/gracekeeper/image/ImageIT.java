package io.gracekeeper.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The image")
class ImageIT {
    private static final Path TAR = Path.of(System.getProperty("image.tar"));
    private static final long LIMIT = 120_000_000;

    private static DockerArchive image;

    @BeforeAll
    static void read() throws IOException {
        image = DockerArchive.read(TAR);
    }

    @Test
    @DisplayName("is at most 120 MB")
    void isSmall() throws IOException {
        assertThat(Files.size(TAR)).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    @DisplayName("has the name that the chart asks for")
    void hasItsName() {
        assertThat(strings(image.repositoryTags())).containsExactly(System.getProperty("image.reference"));
    }

    @Test
    @DisplayName("starts the JVM with its argument file, as user 65532")
    void startsTheJvm() {
        JsonNode config = image.configuration().get("config");
        assertThat(strings(config.get("Entrypoint")))
                .containsExactly("/opt/java/bin/java", "@jvm.args", "io.gracekeeper.image.Main");
        assertThat(config.get("User").asText()).isEqualTo("65532:65532");
        assertThat(image.files())
                .containsKeys(
                        "/opt/java/bin/java",
                        "/app/operator/jvm.args",
                        "/app/webhook/jvm.args",
                        "/app/operator/startup.aot",
                        "/app/webhook/startup.aot",
                        "/etc/passwd",
                        "/etc/nsswitch.conf");
    }

    @Test
    @DisplayName("was created at the time of the sources, not of the build")
    void hasAReproducibleTime() {
        assertThat(image.configuration().get("created").asText()).isEqualTo("2026-11-24T00:00:00Z");
        assertThat(strings(image.configuration().get("history").findValues("created")))
                .containsOnly("2026-11-24T00:00:00Z");
    }

    @Test
    @DisplayName("has no program but java: no shell, no package manager")
    void hasNoOtherProgram() {
        assertThat(image.files().entrySet().stream()
                        .filter(file ->
                                file.getValue().regular() && (file.getValue().mode() & 0111) != 0)
                        .map(file -> file.getKey())
                        .filter(path -> !path.matches(".*\\.so(\\.[0-9]+)*")))
                .containsExactly("/opt/java/bin/java");
        assertThat(image.files().keySet()).noneMatch(path -> path.matches("(/usr)?/s?bin(/.*)?"));
    }

    @Test
    @DisplayName("has no file that anybody but root owns, that may be written to, or that is setuid or setgid")
    void nothingCanBeChanged() {
        assertThat(image.files()).allSatisfy((path, file) -> {
            assertThat(file.user() + file.group()).as("owner of %s", path).isZero();
            assertThat(file.mode() & 06000).as("setuid and setgid of %s", path).isZero();
            assertThat(file.mode() & 0022)
                    .as("group's and others' right to write %s", path)
                    .isZero();
        });
    }

    @Test
    @DisplayName("has neither the builder nor test code in it")
    void hasNoBuilder() {
        assertThat(image.files().keySet())
                .noneMatch(path ->
                        path.matches(".*/(jib|guava|junit|assertj|kubernetes-server-mock|mockwebserver)[^/]*\\.jar"))
                .anyMatch(path -> path.startsWith("/app/gracekeeper/gracekeeper-image-"));
    }

    private static Iterable<String> strings(Iterable<JsonNode> nodes) {
        return StreamSupport.stream(nodes.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
