package io.gracekeeper.policy;

/** The form of an admission warning. */
final class Warnings {
    /**
     * Kubernetes asks for at most 120 characters; a warning with a control character vanishes whole, so they become spaces.
     */
    static final int MAX_LENGTH = 120;

    private static final String PREFIX = "gracekeeper: ";

    private Warnings() {}

    /** One line with our name before it, cut where it is too long. */
    static String line(String text) {
        StringBuilder line = new StringBuilder(PREFIX);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
        if (line.length() > MAX_LENGTH) {
            line.setLength(Character.isHighSurrogate(line.charAt(MAX_LENGTH - 4)) ? MAX_LENGTH - 4 : MAX_LENGTH - 3);
            line.append("...");
        }
        return line.toString();
    }
}
