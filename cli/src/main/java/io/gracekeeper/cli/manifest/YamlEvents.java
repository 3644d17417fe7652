package io.gracekeeper.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.gracekeeper.cli.manifest.NodeEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** The events of one YAML document, with offsets of the whole text. */
final class YamlEvents implements NodeEvent.Source {
    private static final String TAGS = "tag:yaml.org,2002:";

    /** A document is seldom larger; the reader takes a buffer of that size for each. */
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setBufferSize(8192)
            .setCodePointLimit(Integer.MAX_VALUE)
            .setVersionFunction(version -> version)
            .build();

    private final BoundedReader reader;
    private final ParserImpl parser;
    private int behind;
    private final int start;
    private final int @Nullable [] charOffsets;

    YamlEvents(String text, Slice slice) {
        String document = text.substring(slice.start(), slice.end());
        start = slice.start();
        behind = start;
        charOffsets = charOffsets(document);
        reader = new BoundedReader(text, slice.start(), slice.end());
        parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, reader));
    }

    /** Marks count code points; null where these are the characters. */
    private static int @Nullable [] charOffsets(String document) {
        int points = document.codePointCount(0, document.length());
        if (points == document.length()) {
            return null;
        }
        int[] offsets = new int[points + 1];
        int at = 0;
        for (int point = 0; point < points; point++) {
            offsets[point] = at;
            at += Character.charCount(document.codePointAt(at));
        }
        offsets[points] = at;
        return offsets;
    }

    @Override
    public NodeEvent next() {
        try {
            reader.step(behind);
            while (parser.hasNext()) {
                NodeEvent event = convert(parser.next());
                if (event != null) {
                    behind = event.end();
                    return event;
                }
            }
            return NodeEvent.structure(Kind.STREAM_END, start, start, Style.PLAIN, null);
        } catch (MarkedYamlEngineException e) {
            int at = e.getProblemMark().or(e::getContextMark).map(this::offset).orElse(start);
            throw new SyntaxProblem(at, problem(e));
        } catch (ReaderException e) {
            throw new SyntaxProblem(
                    offset(e.getPosition()),
                    String.format("the character U+%04X is not allowed in YAML", e.getCodePoint()));
        } catch (YamlEngineException e) {
            throw new SyntaxProblem(start, String.valueOf(e.getMessage()));
        }
    }

    private static String problem(MarkedYamlEngineException e) {
        String context = e.getContext() == null ? "" : " (" + e.getContext() + ")";
        return e.getProblem() + context;
    }

    private @Nullable NodeEvent convert(Event event) {
        return switch (event.getEventId()) {
            case MappingStart, SequenceStart -> collection((CollectionStartEvent) event);
            case MappingEnd, SequenceEnd -> NodeEvent.structure(Kind.END, start(event), end(event), Style.PLAIN, null);
            case Scalar -> scalar((ScalarEvent) event);
            case Alias ->
                NodeEvent.structure(
                        Kind.ALIAS,
                        start(event),
                        end(event),
                        Style.ALIAS,
                        ((AliasEvent) event).getAlias().getValue());
            case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> null;
        };
    }

    private NodeEvent collection(CollectionStartEvent event) {
        boolean mapping = event instanceof MappingStartEvent;
        Style style = mapping
                ? event.isFlow() ? Style.FLOW_MAPPING : Style.BLOCK_MAPPING
                : event.isFlow() ? Style.FLOW_SEQUENCE : Style.BLOCK_SEQUENCE;
        return NodeEvent.structure(
                mapping ? Kind.MAPPING_START : Kind.SEQUENCE_START,
                start(event),
                end(event),
                style,
                name(event.getAnchor()));
    }

    private NodeEvent scalar(ScalarEvent event) {
        boolean plain = event.getScalarStyle() == ScalarStyle.PLAIN;
        Style style = plain ? Style.PLAIN : event.isLiteral() || event.isFolded() ? Style.BLOCK_SCALAR : Style.QUOTED;
        String tag = event.getTag().orElse("");
        int at = start(event);
        boolean merge = plain && event.getValue().equals("<<") && (tag.isEmpty() || tag.equals(TAGS + "merge"));
        JsonNode value = merge ? MissingNode.getInstance() : value(event.getValue(), tag, plain, at);
        return new NodeEvent(Kind.SCALAR, at, end(event), style, value, name(event.getAnchor()), merge);
    }

    private static JsonNode value(String text, String tag, boolean plain, int at) {
        return switch (tag) {
            case "" -> plain ? Yaml11.plain(text, at) : JsonNodeFactory.instance.textNode(text);
            case TAGS + "int", TAGS + "float", TAGS + "bool", TAGS + "null" -> Yaml11.plain(text, at);
            case TAGS + "binary" -> binary(text, at);
            default -> JsonNodeFactory.instance.textNode(text);
        };
    }

    private static JsonNode binary(String text, int at) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(text);
            return JsonNodeFactory.instance.textNode(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new SyntaxProblem(at, "!!binary without base64: " + e.getMessage());
        }
    }

    private static @Nullable String name(Optional<Anchor> anchor) {
        return anchor.map(Anchor::getValue).orElse(null);
    }

    private int start(Event event) {
        return event.getStartMark().map(this::offset).orElse(start);
    }

    private int end(Event event) {
        return event.getEndMark().map(this::offset).orElse(start);
    }

    private int offset(Mark mark) {
        return offset(mark.getIndex());
    }

    private int offset(int index) {
        int[] offsets = charOffsets;
        return start + (offsets == null ? index : offsets[Math.min(index, offsets.length - 1)]);
    }
}
