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
import java.util.regex.PatternSyntaxException;
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

    /**
     * Every file that the names stand for, each once, in order; those of a folder or glob sorted. A folder that may not be read is
     * told.
     *
     * @throws MissingInput if some of the names stand for no file
     */
    public List<Path> find(List<String> names) {
        Set<Path> found = new LinkedHashSet<>();
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            try {
                String mistake = find(name, found);
                if (!mistake.isEmpty()) {
                    missing.add((name.isEmpty() ? "\"\"" : name) + ": " + mistake);
                }
            } catch (InvalidPathException e) {
                missing.add(name + ": is no path: " + e.getReason());
            } catch (PatternSyntaxException e) {
                missing.add(name + ": is no glob: " + e.getDescription());
            } catch (IOException | UncheckedIOException e) {
                problems.accept(new Unreadable(name, null, reason(e)));
            }
        }
        if (!missing.isEmpty()) {
            throw new MissingInput(missing);
        }
        return List.copyOf(found);
    }

    /** Finds the files of a name, and says what is wrong with it where it stands for none. */
    private String find(String name, Set<Path> found) throws IOException {
        if (name.equals("-")) {
            found.add(DASH);
            return "";
        }
        if (name.isEmpty()) { // Otherwise the working folder.
            return "an empty name; is a variable of the shell unset?";
        }
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
            return walk(path, InputFiles::isManifest, found) ? "" : "no .yaml, .yml or .json file in this folder";
        }
        if (!Files.notExists(path)) { // It is there, or in a folder that may not be entered: loading it tells.
            found.add(path);
            return "";
        }
        if (name.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0)) {
            return glob(name, found) ? "" : "no file matches";
        }
        return "no such file or folder";
    }

    private boolean glob(String pattern, Set<Path> found) throws IOException {
        Path fixed = Path.of(pattern.startsWith("/") ? "/" : "");
        for (Path part : Path.of(pattern)) {
            if (part.toString().chars().anyMatch(c -> "*?[{".indexOf(c) >= 0)) {
                break;
            }
            fixed = fixed.resolve(part);
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        return Files.isDirectory(fixed) && walk(fixed, matcher::matches, found);
    }

    /** Adds what is wanted, and says whether there is any. A folder below that may not be read is told, and stops nothing. */
    private boolean walk(Path folder, Predicate<Path> wanted, Set<Path> found) throws IOException {
        List<Path> files = new ArrayList<>();
        List<Path> failed = new ArrayList<>();
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

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                if (file.equals(folder) || !isHidden(file)) {
                    problems.accept(new Unreadable(file.toString(), null, reason(failure)));
                    failed.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure) {
                return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(dir, failure);
            }
        });
        files.sort(null);
        found.addAll(files);
        return !files.isEmpty() || !failed.isEmpty();
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
        if (known.length == 0) { // Nothing to find fault with is not the same as no fault.
            throw new IOException("is empty; did the command before it fail?");
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
