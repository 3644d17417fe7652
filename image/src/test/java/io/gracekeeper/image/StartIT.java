package io.gracekeeper.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the image's own Java with the image's own flags; only the paths in them are those of the build. */
@DisplayName("A process of the image")
class StartIT {
    private static final Path ROOT = Path.of(System.getProperty("image.root"));

    /** The limit that the chart sets by default: the heap is a share of it. */
    private static final String LIMIT = "-XX:MaxRAM=256m";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"operator", "webhook"})
    @DisplayName("can use the start-up cache that was made for it, with the memory that the chart gives it")
    void usesItsCache(String process) throws Exception {
        // With "on" the JVM refuses to start where it would else go on without the cache.
        Run run = java(process, "-XX:AOTMode=on", "io.gracekeeper.image.Main", "--version");

        assertThat(run.output()).matches("gracekeeper \\d+\\.\\d+\\.\\d+\\S*\\s*");
        assertThat(run.code()).isZero();
    }

    @Test
    @DisplayName("loads no security provider but the JDK's own, so that no other is made at every start")
    void hasTheJdksProviders() throws Exception {
        Run run = java("operator", "-XshowSettings:security:providers", "-version");

        assertThat(Pattern.compile("Provider name: (\\S+)")
                        .matcher(run.output())
                        .results()
                        .map(provider -> provider.group(1)))
                .containsExactly("SUN", "SunRsaSign", "SunEC", "SunJSSE", "SunJCE");
    }

    private record Run(int code, String output) {}

    private Run java(String process, String... arguments) throws IOException, InterruptedException {
        Path flags = folder.resolve("jvm.args");
        Files.writeString(
                flags,
                Files.readString(ROOT.resolve("app/" + process + "/jvm.args"))
                        .replaceAll("(?<=[=:\\n])/app/", ROOT.resolve("app") + "/"));
        List<String> command =
                new ArrayList<>(List.of(ROOT.resolve("opt/java/bin/java").toString(), "@" + flags, LIMIT));
        command.addAll(List.of(arguments));
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes(), UTF_8);
        return new Run(java.waitFor(), output);
    }
}
