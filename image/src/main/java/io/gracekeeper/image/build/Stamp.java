package io.gracekeeper.image.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Says whether something was made from these very inputs: a file with the digest of their names and contents, written beside what
 * was made.
 *
 * @param file the stamp
 * @param inputs files and folders
 */
record Stamp(Path file, List<Path> inputs) {
    /** Whether what the stamp stands for was made, and from the inputs as they are now. */
    boolean isCurrent() throws IOException {
        return Files.exists(file) && Files.readString(file).equals(digest());
    }

    /** Says that it was not made, or not to its end. */
    void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Says that it was made from the inputs as they are now. */
    void write() throws IOException {
        Files.writeString(file, digest());
    }

    private String digest() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path input : inputs) {
                for (Path path : Folders.files(input)) {
                    String name = input.relativize(path) + " " + Files.size(path) + "\n";
                    digest.update(name.getBytes(StandardCharsets.UTF_8));
                    digest.update(Files.readAllBytes(path));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
