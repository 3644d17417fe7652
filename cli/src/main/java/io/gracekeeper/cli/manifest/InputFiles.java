package io.gracekeeper.cli.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds and loads the inputs that the user named: files, folders, globs, and {@code -} for standard input. */
public final class InputFiles {
    /** How messages call standard input. */
    public static final String STDIN = "<stdin>";

    /** More than any repository's manifests; a bound for our memory. */
    static final long MAX_BYTES = 256L << 20;

    private static final Path DASH = Path.of("-");

    private static final String TOO_LARGE = "is larger than 256 MiB; split it";

    private final InputStream stdin;
    private byte @Nullable [] stdinBytes;
    private final Consumer<Unreadable> problems;

    /**
     * A finder.
     *
     * @param stdin read once, where {@code -} is named
     * @param problems told what isn't there or can't be read
     */
    public InputFiles(InputStream stdin, Consumer<Unreadable> problems) {
        this.stdin = stdin;
        this.problems = problems;
    }

    /** Every file that the names stand for, each once, in order; those of a folder or glob sorted. */
    public List<Path> find(List<String> names) {
        Set<Path> found = new LinkedHashSet<>();
        for (String name : names) {
            try {
                find(name, found);
            } catch (IOException | UncheckedIOException | InvalidPathException e) {
                problems.accept(new Unreadable(name, null, reason(e)));
            }
        }
        return List.copyOf(found);
    }

    private void find(String name, Set<Path> found) throws IOException {
        Path path = Path.of(name);
        if (name.equals("-")) {
            found.add(DASH);
        } else if (Files.isDirectory(path)) {
            walk(path, InputFiles::isManifest, found);
        } else if (Files.exists(path)) {
            found.add(path);
        } else if (name.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0)) {
            int before = found.size();
            glob(name, found);
            if (found.size() == before) {
                problems.accept(new Unreadable(name, null, "no file matches"));
            }
        } else {
            problems.accept(new Unreadable(name, null, "no such file or folder"));
        }
    }

    private static void glob(String pattern, Set<Path> found) throws IOException {
        Path fixed = Path.of(pattern.startsWith("/") ? "/" : "");
        for (Path part : Path.of(pattern)) {
            if (part.toString().chars().anyMatch(c -> "*?[{".indexOf(c) >= 0)) {
                break;
            }
            fixed = fixed.resolve(part);
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        walk(fixed, matcher::matches, found);
    }

    private static void walk(Path folder, Predicate<Path> wanted, Set<Path> found) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                return dir.equals(folder) || !isHidden(dir) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!Files.isDirectory(file) && wanted.test(file)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        found.addAll(files);
    }

    /** The working folder and the one above it have names that begin with a dot, and hide nothing. */
    private static boolean isHidden(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(".") && !name.equals(".") && !name.equals("..");
    }

    private static boolean isManifest(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
    }

    /** Loads a file, or standard input for {@code -}, and tells the problem if that fails. */
    public void load(Path file, Consumer<InputText> sink) {
        load(file, sink, problems);
    }

    /** The same, with problems told to somebody else. Standard input is kept, since nobody could read it again. */
    public void load(Path file, Consumer<InputText> sink, Consumer<Unreadable> told) {
        boolean dash = file.equals(DASH);
        String name = dash ? STDIN : file.toString();
        try {
            byte[] bytes = dash ? stdinBytes() : bytes(file);
            sink.accept(InputText.decode(name, dash ? null : file, bytes));
        } catch (IOException e) {
            told.accept(new Unreadable(name, null, reason(e)));
        } catch (SyntaxProblem e) {
            told.accept(new Unreadable(name, null, e.problem()));
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.isRegularFile(file)) {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException(TOO_LARGE);
            }
            return Files.readAllBytes(file);
        }
        try (InputStream in = Files.newInputStream(file)) { // A pipe or a device says nothing of its size.
            byte[] bytes = in.readNBytes((int) MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException(TOO_LARGE);
            }
            return bytes;
        }
    }

    private synchronized byte[] stdinBytes() throws IOException {
        byte[] known = stdinBytes;
        if (known == null) {
            known = stdin.readNBytes((int) MAX_BYTES + 1);
            stdinBytes = known;
        }
        if (known.length > MAX_BYTES) {
            throw new IOException(TOO_LARGE);
        }
        return known;
    }

    private static String reason(Exception e) {
        return switch (e) {
            case AccessDeniedException denied -> "may not be read (permission denied)";
            case NoSuchFileException missing -> "no such file or folder";
            default -> String.valueOf(e.getMessage());
        };
    }
}
