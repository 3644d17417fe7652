package io.gracekeeper.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads prefixed variables, collecting what is wrong with them instead of stopping at the first. */
final class EnvironmentReader {
    /** A DNS subdomain (RFC 1123), the form of every object name that we are given. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    private static final Pattern SERVICE_LINK = Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT.*|PORT(_\\d+_.*)?)");

    private final Map<String, String> env;
    private final String prefix;
    private final TreeSet<String> known = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    EnvironmentReader(Map<String, String> env, String prefix) {
        this.env = env;
        this.prefix = prefix;
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    String name(String key, String fallback) {
        String value = raw(key, fallback);
        if (isName(value)) {
            return value;
        }
        refuse(key, value, "the name of a Kubernetes object: lower case letters, digits, '-' and '.'");
        return fallback;
    }

    /** A name, or nothing. */
    String optionalName(String key) {
        return raw(key, "").isEmpty() ? "" : name(key, "");
    }

    int number(String key, int fallback, int min, int max) {
        String value = raw(key, String.valueOf(fallback));
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, in the same words as a number out of range.
        }
        refuse(key, value, "a whole number from " + min + " to " + max);
        return fallback;
    }

    Duration seconds(String key, Duration fallback, int min, int max) {
        return Duration.ofSeconds(number(key, Math.toIntExact(fallback.toSeconds()), min, max));
    }

    <E extends Enum<E>> E word(String key, E fallback, Class<E> type) {
        String value = raw(key, fallback.name());
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(value)) {
                return constant;
            }
        }
        refuse(
                key,
                value,
                Arrays.stream(type.getEnumConstants())
                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ", "one of ", "")));
        return fallback;
    }

    List<RegisteredKind> kinds(String key) {
        return RegisteredKindReader.read(prefix + key, raw(key, "[]"), problems);
    }

    void refuseWhatIsWrong() {
        for (String key : new TreeSet<>(env.keySet())) {
            if (key.startsWith(prefix) && !known.contains(key)) {
                problems.add(
                        SERVICE_LINK.matcher(key).matches()
                                ? key
                                        + " comes from a Service of this namespace: set enableServiceLinks: false on the pod"
                                : key + " is not a variable that I know; known are " + String.join(", ", known));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private String raw(String key, String fallback) {
        known.add(prefix + key);
        return env.getOrDefault(prefix + key, fallback);
    }

    private void refuse(String key, String value, String allowed) {
        problems.add(prefix + key + "=\"" + value + "\" is not " + allowed);
    }
}
