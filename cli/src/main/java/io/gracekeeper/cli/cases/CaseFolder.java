package io.gracekeeper.cli.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.gracekeeper.cli.manifest.InputText;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a case: {@code policy.yaml}, {@code object.yaml}, {@code old.yaml}, {@code makers.yaml}, {@code
 * surroundings.yaml}, {@code expected.yaml}. A file may say <code>${now+90d}</code> or <code>${now-2h}</code> where it needs a time.
 *
 * @param folder where they are
 * @param now what times are counted from
 */
record CaseFolder(Path folder, Instant now) {
    private static final String EXPECTED = "expected.yaml";
    private static final Pattern TIME = Pattern.compile("\\$\\{now([+-])([0-9]{1,6})([dhm])}");

    /** Every case in a folder and below it, sorted. */
    static List<CaseFolder> below(Path root, Instant now) throws IOException {
        try (Stream<Path> found = Files.walk(root)) {
            return found.filter(path -> path.endsWith(EXPECTED) && Files.isRegularFile(path))
                    .map(path -> new CaseFolder(path.toAbsolutePath().resolveSibling(""), now))
                    .sorted((a, b) -> a.folder.compareTo(b.folder))
                    .toList();
        }
    }

    /** Whether it has that file. */
    boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    /** The objects of a file, in order; none where it isn't there. */
    List<ManifestObject> objects(String file) throws IOException {
        List<ManifestObject> objects = new ArrayList<>();
        if (has(file)) {
            ManifestReader.read(text(file), new ManifestReader.Sink() {
                @Override
                public void object(ManifestObject object) {
                    objects.add(object);
                }

                @Override
                public void unreadable(Unreadable problem) {
                    throw new InvalidCase(problem.display());
                }
            });
        }
        return objects;
    }

    /** The one object of a file. */
    ManifestObject object(String file) throws IOException {
        List<ManifestObject> objects = objects(file);
        if (objects.size() != 1) {
            throw new InvalidCase(folder.resolve(file) + ": expected one object, found " + objects.size());
        }
        return objects.getFirst();
    }

    /** What is expected. */
    JsonNode expected() throws IOException {
        List<ManifestObject> documents = objects(EXPECTED);
        return documents.isEmpty()
                ? MissingNode.getInstance()
                : documents.getFirst().json();
    }

    /** The text of a file, with its times filled in. */
    InputText text(String file) throws IOException {
        String written = Files.readString(folder.resolve(file));
        return InputText.of(
                folder.resolve(file).toString(),
                TIME.matcher(written).replaceAll(match -> Matcher.quoteReplacement(time(match))));
    }

    private String time(MatchResult match) {
        long number = Long.parseLong(match.group(1) + match.group(2));
        Duration distance = switch (match.group(3)) {
            case "d" -> Duration.ofDays(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofMinutes(number);
        };
        return now.truncatedTo(ChronoUnit.SECONDS).plus(distance).toString();
    }
}
