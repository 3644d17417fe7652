package io.gracekeeper.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The entry point of the image")
class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"", "Webhook", "webhook ", "server", "-h", "-version"})
    @DisplayName("refuses an argument that names no process, and says which there are")
    void refusesAnUnknownArgument(String argument) {
        assertThat(run(argument)).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .contains("\"" + argument + "\"")
                .contains("usage: gracekeeper webhook | operator | --version");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    @DisplayName("refuses no argument and more than one")
    void refusesAnyOtherNumberOfArguments() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("webhook", "operator")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("usage:");
    }

    @Test
    @DisplayName("tells its version")
    void tellsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString(UTF_8)).startsWith("gracekeeper ");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    private int run(String... args) {
        return Main.run(List.of(args), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }
}
