package io.gracekeeper.cli.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gracekeeper.cli.manifest.NodeEvent.Kind;
import java.io.IOException;
import java.io.StringReader;

/** The events of JSON values, one after the other, as {@code kubectl get -o json} and jq write them. */
final class JsonEvents implements NodeEvent.Source {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(BoundedReader.MAX_AT_ONCE)
                    .build())
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private final int start;

    JsonEvents(String text, Slice slice, int begin) {
        start = begin;
        try {
            parser = JSON.createParser(new StringReader(text.substring(begin, slice.end())));
        } catch (IOException e) {
            throw new SyntaxProblem(begin, String.valueOf(e.getMessage()));
        }
    }

    /** Where JSON begins in a document, behind blanks and its {@code ---}; -1 if it doesn't look like JSON. */
    static int begin(String text, Slice slice) {
        int at = slice.start();
        if (text.startsWith("---", at)) {
            at += 3;
        }
        at = behindBlanks(text, at, slice.end());
        if (at == slice.end() || text.charAt(at) != '{') {
            return -1;
        }
        int next = behindBlanks(text, at + 1, slice.end());
        return next < slice.end() && (text.charAt(next) == '"' || text.charAt(next) == '}') ? at : -1;
    }

    private static int behindBlanks(String text, int from, int end) {
        int at = from;
        while (at < end && text.charAt(at) <= ' ') {
            at++;
        }
        return at;
    }

    @Override
    public NodeEvent next() {
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return NodeEvent.structure(Kind.STREAM_END, start, start, Style.PLAIN, null);
            }
            int from = offset(parser.currentTokenLocation());
            int to = offset(parser.currentLocation());
            return switch (token) {
                case START_OBJECT -> NodeEvent.structure(Kind.MAPPING_START, from, to, Style.FLOW_MAPPING, null);
                case START_ARRAY -> NodeEvent.structure(Kind.SEQUENCE_START, from, to, Style.FLOW_SEQUENCE, null);
                case END_OBJECT, END_ARRAY -> NodeEvent.structure(Kind.END, from, to, Style.PLAIN, null);
                default -> scalar(token, from);
            };
        } catch (StreamConstraintsException e) {
            throw e.getOriginalMessage().contains("String value length")
                    ? BoundedReader.tooLong(offset(parser.currentTokenLocation()))
                    : new SyntaxProblem(offset(parser.currentLocation()), e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new SyntaxProblem(at == null ? start : offset(at), e.getOriginalMessage());
        } catch (IOException e) {
            throw new SyntaxProblem(start, String.valueOf(e.getMessage()));
        }
    }

    private NodeEvent scalar(JsonToken token, int from) throws IOException {
        JsonNode value = switch (token) {
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT -> NODES.numberNode(parser.getIntValue());
                    case LONG -> NODES.numberNode(parser.getLongValue());
                    default -> NODES.numberNode(parser.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            default ->
                NODES.textNode(parser.getText()); // Reads a string to its end: only then is the location behind it.
        };
        boolean quoted = token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME;
        int to = token == JsonToken.FIELD_NAME ? from : offset(parser.currentLocation());
        return new NodeEvent(Kind.SCALAR, from, to, quoted ? Style.QUOTED : Style.PLAIN, value, null, false);
    }

    private int offset(JsonLocation location) {
        return start + (int) Math.max(0, location.getCharOffset());
    }
}
