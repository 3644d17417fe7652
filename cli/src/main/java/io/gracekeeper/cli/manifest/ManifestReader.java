package io.gracekeeper.cli.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Turns a text into objects. A part that can't be read is told, and the rest is read all the same. */
public final class ManifestReader {
    /** Takes what is read, in the order of the text. */
    public interface Sink {
        /** An object, or a document that is none: see {@link ManifestObject#isObject()}. */
        void object(ManifestObject object);

        /** A document that could not be read, at least not to its end. */
        void unreadable(Unreadable problem);

        /** Whether to read on; asked before each document. */
        default boolean wantsMore() {
            return true;
        }
    }

    private ManifestReader() {}

    /** Reads all documents of a text: YAML, JSON, or both in turn. Empty documents are nothing. */
    public static void read(InputText input, Sink sink) {
        new Part(input, Slice.of(input.text())).read(sink);
    }

    /**
     * The documents of a text in parts of about a size, in order. To read one part after the other is to read the text, and several
     * threads may read a part each.
     *
     * @param chars how many characters a part has at least, but for the last
     */
    public static List<Part> parts(InputText input, int chars) {
        List<Part> parts = new ArrayList<>();
        List<Slice> slices = Slice.of(input.text());
        int first = 0;
        for (int next = 1; next <= slices.size(); next++) {
            if (next == slices.size()
                    || slices.get(next).start() - slices.get(first).start() >= chars) {
                parts.add(new Part(input, slices.subList(first, next)));
                first = next;
            }
        }
        return parts;
    }

    /** Some whole documents of a text, one after the other. */
    public static final class Part {
        private final InputText input;
        private final List<Slice> slices;

        private Part(InputText input, List<Slice> slices) {
            this.input = input;
            this.slices = List.copyOf(slices);
        }

        /** Reads all of them. */
        public void read(Sink sink) {
            for (Slice slice : slices) {
                if (!sink.wantsMore()) {
                    return;
                }
                readOrTell(input, slice, sink);
            }
        }

        /** Reads those whose text a pattern finds something in. */
        public void read(Pattern mentioned, Sink sink) {
            for (Slice slice : slices) {
                if (!sink.wantsMore()) {
                    return;
                }
                if (mentioned
                        .matcher(input.text())
                        .region(slice.start(), slice.end())
                        .find()) {
                    readOrTell(input, slice, sink);
                }
            }
        }
    }

    private static void readOrTell(InputText input, Slice slice, Sink sink) {
        try {
            read(input, slice, sink);
        } catch (SyntaxProblem problem) {
            sink.unreadable(new Unreadable(
                    input.name(), input.position(problem.offset()), advise(problem, input.text(), slice)));
        }
    }

    private static void read(InputText input, Slice slice, Sink sink) {
        int json = JsonEvents.begin(input.text(), slice);
        boolean[] begun = {false};
        if (json >= 0) {
            try {
                read(new JsonEvents(input.text(), slice, json), input, sink, begun);
                return;
            } catch (SyntaxProblem problem) {
                // A YAML flow mapping may begin as JSON does. If that is no YAML either, the user meant JSON.
                if (begun[0] || !isYaml(input, slice)) {
                    throw problem;
                }
            }
        }
        read(new YamlEvents(input.text(), slice), input, sink, begun);
    }

    private static void read(NodeEvent.Source events, InputText input, Sink sink, boolean[] begun) {
        new ObjectReader(events, (json, text) -> {
                    begun[0] = true;
                    if (!json.isNull()) {
                        sink.object(new ManifestObject(input, json, text));
                    }
                })
                .read();
    }

    private static boolean isYaml(InputText input, Slice slice) {
        try {
            new ObjectReader(new YamlEvents(input.text(), slice), (json, text) -> {}).read();
            return true;
        } catch (SyntaxProblem neither) {
            return false;
        }
    }

    private static String advise(SyntaxProblem problem, String text, Slice slice) {
        boolean template = text.indexOf("{{", slice.start(), slice.end()) >= 0
                && text.indexOf("}}", slice.start(), slice.end()) >= 0;
        return template
                ? problem.problem() + ". It looks like a Helm template: render it first, helm template CHART | kubectl"
                        + " gracekeeper check -"
                : problem.problem();
    }
}
