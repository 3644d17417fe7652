package io.gracekeeper.operator.event;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What the API server's validation of events.k8s.io/v1 asks of texts and names. */
final class EventText {
    /** A note may have so many bytes (k8s.io/kubernetes pkg/apis/core/validation/events.go: noteLengthLimit). */
    static final int MAX_NOTE_BYTES = 1024;

    private static final int MAX_NAME = 253;
    private static final String CUT = "...";

    private EventText() {}

    /** The note, cut between two characters where it is too long, and then ending in three dots. */
    static String note(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length <= MAX_NOTE_BYTES) {
            return text;
        }
        ByteBuffer bytes = ByteBuffer.allocate(MAX_NOTE_BYTES - CUT.length());
        CharBuffer chars = CharBuffer.wrap(text);
        StandardCharsets.UTF_8.newEncoder().encode(chars, bytes, true);
        return text.substring(0, chars.position()) + CUT;
    }

    /** A name as other controllers form it: the object's, a dot and a number that grows. */
    static String name(String regarding, long unique) {
        String suffix = "." + HexFormat.of().toHexDigits(unique);
        int room = MAX_NAME - suffix.length();
        return (regarding.length() <= room ? regarding : regarding.substring(0, room)) + suffix;
    }
}
