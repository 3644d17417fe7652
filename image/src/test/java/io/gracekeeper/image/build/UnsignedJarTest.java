package io.gracekeeper.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A jar of the image")
class UnsignedJarTest {
    private static final String DIGESTS = "Name: a/B.class\r\nSHA-256-Digest: eA==\r\n\r\n";

    @TempDir
    private Path folder;

    @Test
    @DisplayName("loses its signature and the digests of its files, and nothing else")
    void losesItsSignature() throws IOException {
        Path jar = jar(List.of(
                "META-INF/MANIFEST.MF", "META-INF/BC.SF", "META-INF/BC.RSA", "META-INF/services/a.B", "a/B.class"));
        Path copy = folder.resolve("copy.jar");

        UnsignedJar.copy(jar, copy);

        try (var in = new JarFile(copy.toFile())) {
            assertThat(in.stream().map(ZipEntry::getName))
                    .containsExactly("META-INF/MANIFEST.MF", "META-INF/services/a.B", "a/B.class");
            assertThat(in.getInputStream(in.getEntry("a/B.class")).readAllBytes())
                    .isEqualTo("a/B.class".getBytes(UTF_8));
            assertThat(in.getManifest().getMainAttributes().getValue("Multi-Release"))
                    .isEqualTo("true");
            assertThat(in.getManifest().getEntries()).isEmpty();
        }
    }

    @Test
    @DisplayName("that was never signed is copied to the byte")
    void staysAsItIs() throws IOException {
        Path jar = jar(List.of("META-INF/MANIFEST.MF", "META-INF/NOTICE", "a/B.class"));
        Path copy = folder.resolve("copy.jar");

        UnsignedJar.copy(jar, copy);

        assertThat(copy).hasSameBinaryContentAs(jar);
    }

    private Path jar(List<String> entries) throws IOException {
        Path jar = folder.resolve("original.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String entry : entries) {
                out.putNextEntry(new ZipEntry(entry));
                String content = entry.equals(JarFile.MANIFEST_NAME)
                        ? "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n" + DIGESTS
                        : entry;
                out.write(content.getBytes(UTF_8));
                out.closeEntry();
            }
        }
        return jar;
    }
}
