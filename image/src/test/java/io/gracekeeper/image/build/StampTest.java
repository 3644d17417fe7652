package io.gracekeeper.image.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A stamp")
class StampTest {
    @TempDir
    private Path folder;

    private Path input;
    private Stamp stamp;

    @BeforeEach
    void prepare() throws IOException {
        input = Files.createDirectories(folder.resolve("input/inner")).resolve("file");
        Files.writeString(input, "content");
        stamp = new Stamp(folder.resolve("stamp"), List.of(folder.resolve("input")));
    }

    @Test
    @DisplayName("is not current before it is written, nor after it was removed")
    void isWritten() throws IOException {
        assertThat(stamp.isCurrent()).isFalse();
        stamp.write();
        assertThat(stamp.isCurrent()).isTrue();
        stamp.remove();
        assertThat(stamp.isCurrent()).isFalse();
    }

    @Test
    @DisplayName("is out of date when a file has another content, but not when it has another time")
    void seesContent() throws IOException {
        stamp.write();
        Files.writeString(input, "content");
        assertThat(stamp.isCurrent()).isTrue();
        Files.writeString(input, "contenT");
        assertThat(stamp.isCurrent()).isFalse();
    }

    @Test
    @DisplayName("is out of date when a file comes, goes or has another name")
    void seesFiles() throws IOException {
        stamp.write();
        Path other = Files.writeString(folder.resolve("input/other"), "");
        assertThat(stamp.isCurrent()).isFalse();
        Files.delete(other);
        assertThat(stamp.isCurrent()).isTrue();
        Files.move(input, input.resolveSibling("renamed"));
        assertThat(stamp.isCurrent()).isFalse();
    }
}
