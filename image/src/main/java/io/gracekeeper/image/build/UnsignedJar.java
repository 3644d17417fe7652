package io.gracekeeper.image.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A jar without its signature. Java checks one at the first class that it loads from the jar, and keeps such classes out of the AOT
 * cache; that is worth it for a provider of cryptography, and Bouncy Castle's is not used as one. Maven has checked the file.
 */
final class UnsignedJar {
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

    private UnsignedJar() {}

    /** Copies a jar; one that is not signed is copied as it is. */
    static void copy(Path jar, Path target) throws IOException {
        try (var in = new JarFile(jar.toFile(), false)) {
            if (in.stream().noneMatch(entry -> isSignature(entry.getName()))) {
                Files.copy(jar, target);
                return;
            }
            try (var out = new ZipOutputStream(Files.newOutputStream(target))) {
                for (ZipEntry entry : (Iterable<ZipEntry>) in.stream()
                        .filter(entry -> !isSignature(entry.getName()))
                        .map(ZipEntry.class::cast)::iterator) {
                    var copy = new ZipEntry(entry.getName());
                    copy.setTimeLocal(entry.getTimeLocal());
                    out.putNextEntry(copy);
                    write(in, entry, out);
                    out.closeEntry();
                }
            }
        }
    }

    private static void write(JarFile in, ZipEntry entry, ZipOutputStream out) throws IOException {
        if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
            // Without the digests of the files, which are a megabyte.
            var manifest = new Manifest();
            manifest.getMainAttributes().putAll(in.getManifest().getMainAttributes());
            manifest.write(out);
        } else {
            in.getInputStream(entry).transferTo(out);
        }
    }

    private static boolean isSignature(String name) {
        return SIGNATURE.matcher(name).matches();
    }
}
