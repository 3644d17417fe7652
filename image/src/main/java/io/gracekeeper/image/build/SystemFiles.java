package io.gracekeeper.image.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the image has besides Java: the libraries of glibc that the runtime loads, and a handful of files in /etc.
 *
 * <p>They come from the machine that builds, as {@code ldd} finds them, at the same paths (the loader has its search path built
 * in). The loader and its libraries fit together by themselves, so any glibc that is new enough for the JDK will do; which one
 * it was is said in /etc/os-release, and, for scanners, in /var/lib/dpkg/status.d where the machine is a Debian.
 */
final class SystemFiles {
    private static final Pattern LIBRARY =
            Pattern.compile("^\\s+(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)$", Pattern.MULTILINE);

    /** Loaded by name at the first look-up of a host; a part of libc itself since glibc 2.34. */
    private static final List<String> NAME_SERVICES = List.of("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2");

    private SystemFiles() {}

    /** Puts the files into the image's root, for the runtime at {@code javaHome}. */
    static void gather(Path root, Path javaHome) throws IOException {
        for (Path library : libraries(javaHome)) {
            copy(library, root);
        }
        write(root, "etc/passwd", "nonroot:x:65532:65532:nonroot:/nonexistent:/sbin/nologin\n");
        write(root, "etc/group", "nonroot:x:65532:\n");
        write(root, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
        Path release = Path.of("/etc/os-release");
        if (Files.exists(release)) {
            copy(release, root);
        }
        debianRecord(root);
    }

    /** What the launcher and every library of the runtime need from outside it. */
    private static Set<Path> libraries(Path javaHome) throws IOException {
        Set<Path> found = new TreeSet<>();
        for (Path file : Folders.files(javaHome)) {
            if (file.endsWith("bin/java") || file.getFileName().toString().endsWith(".so")) {
                var matcher = LIBRARY.matcher(Tool.run(List.of("ldd", file.toString())));
                while (matcher.find()) {
                    Path library = Path.of(matcher.group(1)).normalize();
                    if (!library.startsWith(javaHome)) {
                        found.add(library);
                    }
                }
            }
        }
        Path libc = found.stream()
                .filter(library -> library.endsWith("libc.so.6"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no libc.so.6 among " + found
                        + ": the image can only be built on a Linux with glibc (Debian, Fedora, ...)"));
        for (String name : NAME_SERVICES) {
            Path library = libc.resolveSibling(name);
            if (Files.exists(library)) {
                found.add(library);
            }
        }
        return found;
    }

    /** The package's own record and licence, where there is a package manager to ask. */
    private static void debianRecord(Path root) throws IOException {
        Path licence = Path.of("/usr/share/doc/libc6/copyright");
        if (Files.exists(licence)) {
            copy(licence, root);
        }
        if (Files.isExecutable(Path.of("/usr/bin/dpkg-query"))) {
            write(root, "var/lib/dpkg/status.d/libc6", Tool.run(List.of("dpkg-query", "--status", "libc6")));
        }
    }

    private static void copy(Path file, Path root) throws IOException {
        Path target = root.resolve(file.toString().substring(1));
        Files.createDirectories(target.getParent());
        Files.copy(file.toRealPath(), target, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(Path root, String path, String content) throws IOException {
        Path target = root.resolve(path);
        Files.createDirectories(target.getParent());
        Files.writeString(target, content);
    }
}
