package io.gracekeeper.operator.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTextTest {
    @Test
    @DisplayName("a note of 1024 bytes stays as it is")
    void fits() {
        assertThat(EventText.note("x".repeat(1024))).isEqualTo("x".repeat(1024));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"x", "ü", "世", "😀"})
    @DisplayName("a longer note is cut between two characters, and says so")
    void cut(String character) {
        String note = EventText.note(character.repeat(1500));
        assertThat(note.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1024);
        assertThat(note).matches("(" + character + ")+\\.\\.\\.");
    }

    @Test
    @DisplayName("a name stays within what the API server takes, and unique")
    void names() {
        assertThat(EventText.name("checkout", 255)).isEqualTo("checkout.00000000000000ff");
        assertThat(EventText.name("c".repeat(253), 1)).hasSize(253).endsWith(".0000000000000001");
    }
}
