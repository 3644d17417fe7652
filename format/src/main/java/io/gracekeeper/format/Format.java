package io.gracekeeper.format;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats every Java source of the project: {@code Format check|apply <root>}.
 *
 * <p>A program of its own, since a formatter parses with the compiler of the JVM that it runs in, and the Maven plugins for it run
 * in Maven's JVM, which may be a 17 that has never heard of record patterns.
 */
public final class Format {
    private static final PathMatcher SOURCES = FileSystems.getDefault().getPathMatcher("glob:**/src/*/java/**.java");

    private final Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build());

    private Format() {}

    /**
     * Entry point of the build. Exits with 1 if a file is not formatted, or can't be parsed.
     *
     * @param args {@code check} or {@code apply}, and the project's root
     * @throws IOException if a file can't be read or written
     */
    public static void main(String[] args) throws IOException {
        boolean apply = args[0].equals("apply");
        Path root = Path.of(args[1]);
        var format = new Format();
        int wrong = 0;
        for (Path source : sources(root)) {
            String text = Files.readString(source);
            String formatted;
            try {
                formatted = format.format(text);
            } catch (FormatterException e) {
                System.err.println(root.relativize(source) + ": " + e.getMessage());
                wrong++;
                continue;
            }
            if (formatted.equals(text)) {
                continue;
            }
            if (apply) {
                Files.writeString(source, formatted);
            } else {
                System.err.println(root.relativize(source) + ": is not formatted");
                wrong++;
            }
        }
        if (wrong > 0) {
            System.err.println(wrong + " files; format them by: ./mvnw -q -pl format process-classes -Dformat=apply");
            System.exit(1);
        }
    }

    private String format(String text) throws FormatterException {
        return formatter.formatSource(RemoveUnusedImports.removeUnusedImports(text));
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(SOURCES::matches)
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }
}
