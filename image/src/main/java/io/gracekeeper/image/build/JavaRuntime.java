package io.gracekeeper.image.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The linked Java runtime of the image. */
final class JavaRuntime {
    /** Where it is in the image. */
    static final String HOME = "opt/java";

    /**
     * Every module that the two processes load, found by running them; with one too few they fail at start, which the training
     * run shows. java.naming: logback. java.xml: logback's configuration. jdk.unsupported: sun.misc.Unsafe of libraries.
     * jdk.management: metrics of processor and memory. jdk.httpserver: the management
     * port. jdk.crypto.cryptoki and the like are not needed for TLS.
     */
    static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.xml",
            "jdk.httpserver",
            "jdk.management",
            "jdk.unsupported");

    /** The security providers of these modules, in the order of the JDK. */
    static final List<String> PROVIDERS = List.of("SUN", "SunRsaSign", "SunEC", "SunJSSE", "SunJCE");

    private static final String PROVIDER = "security.provider.";

    private static final Set<String> HELPERS = Set.of("jexec", "jspawnhelper");

    private JavaRuntime() {}

    /**
     * Links the runtime with the jlink of the JDK that runs this, unless the same one is there already.
     *
     * @param root the image's root folder
     * @return the runtime's home
     */
    static Path link(Path root) throws IOException {
        Path jdk = Path.of(System.getProperty("java.home"));
        Path home = root.resolve(HOME);
        Path stamp = root.resolveSibling("runtime.stamp");
        String wanted =
                Files.readString(jdk.resolve("release")) + String.join(",", MODULES) + String.join(",", PROVIDERS);
        if (Files.isExecutable(home.resolve("bin/java"))
                && Files.exists(stamp)
                && Files.readString(stamp).equals(wanted)) {
            return home;
        }
        Folders.delete(home);
        Files.createDirectories(home.getParent());
        // zip-0: the layer is compressed anyway, and what is stored twice compressed starts slower and gets larger.
        Tool.run(List.of(
                jdk.resolve("bin/jlink").toString(),
                "--add-modules",
                String.join(",", MODULES),
                "--no-header-files",
                "--no-man-pages",
                "--compress",
                "zip-0",
                "--output",
                home.toString()));
        keepOnlyLauncher(home);
        keepLinkedProviders(home);
        trustNoPublicAuthority(home);
        Files.writeString(stamp, wanted);
        return home;
    }

    /**
     * keytool and the like are of no use in a container; jexec starts jars from a shell, jspawnhelper other programs, and there
     * are none.
     */
    private static void keepOnlyLauncher(Path home) throws IOException {
        for (Path file : Folders.files(home)) {
            boolean program = file.startsWith(home.resolve("bin"))
                    || HELPERS.contains(file.getFileName().toString());
            if (program && !file.endsWith("bin/java")) {
                Files.delete(file);
            }
        }
    }

    /**
     * The JDK's list also has the providers of modules that are not linked. It looks for each of them on the class path, and there
     * it finds Bouncy Castle's, which it makes and sets up to see its name: 600 classes of a signed jar, a third of a start.
     */
    private static void keepLinkedProviders(Path home) throws IOException {
        Path file = home.resolve("conf/security/java.security");
        List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
        int first = IntStream.range(0, lines.size())
                .filter(line -> lines.get(line).startsWith(PROVIDER))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(file + " lists no security provider"));
        lines.removeIf(line -> line.startsWith(PROVIDER));
        for (int i = 0; i < PROVIDERS.size(); i++) {
            lines.add(first + i, PROVIDER + (i + 1) + "=" + PROVIDERS.get(i));
        }
        Files.write(file, lines, StandardCharsets.ISO_8859_1);
    }

    /** The one server that we speak to has an authority of its own, which every pod is given; the client would read all of these too. */
    private static void trustNoPublicAuthority(Path home) throws IOException {
        Files.delete(home.resolve("lib/security/cacerts"));
    }
}
