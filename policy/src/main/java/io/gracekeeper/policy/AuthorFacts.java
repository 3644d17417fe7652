package io.gracekeeper.policy;

import io.gracekeeper.crds.Annotations;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a template's author knows and says in annotations. It can raise what is needed and never lower it; what is malformed is
 * ignored and said.
 *
 * @param shutdownSeconds {@code gracekeeper.io/shutdown-seconds}; null where it is absent or malformed
 * @param drainSeconds {@code gracekeeper.io/drain-seconds}, by container
 * @param problems one sentence for each annotation that is malformed
 */
public record AuthorFacts(@Nullable Long shutdownSeconds, Map<String, Long> drainSeconds, List<String> problems) {
    /** Nothing is said. */
    public static final AuthorFacts NONE = new AuthorFacts(null, Map.of(), List.of());

    private static final long MAX_SECONDS = 86_400;

    /** Copies the collections. */
    public AuthorFacts {
        drainSeconds = Map.copyOf(drainSeconds);
        problems = List.copyOf(problems);
    }

    /**
     * Reads the values of the two annotations.
     *
     * @param shutdown null where it is absent
     * @param drain null where it is absent
     */
    static AuthorFacts of(@Nullable String shutdown, @Nullable String drain) {
        if (shutdown == null && drain == null) {
            return NONE;
        }
        var problems = new java.util.ArrayList<String>();
        Long seconds = null;
        if (shutdown != null) {
            seconds = seconds(shutdown);
            if (seconds == null) {
                problems.add(Annotations.SHUTDOWN_SECONDS + " \"" + shutdown
                        + "\" is ignored: write whole seconds, 0 to " + MAX_SECONDS);
            }
        }
        Map<String, Long> drains = new TreeMap<>();
        if (drain != null) {
            for (String part : drain.split(",", -1)) {
                int equals = part.indexOf('=');
                Long length = equals <= 0 ? null : seconds(part.substring(equals + 1));
                if (length == null) {
                    problems.add(Annotations.DRAIN_SECONDS + " \"" + part.strip()
                            + "\" is ignored: write container=seconds, as in app=12,proxy=5");
                } else {
                    drains.merge(part.substring(0, equals).strip(), length, Math::max);
                }
            }
        }
        return new AuthorFacts(seconds, drains, problems);
    }

    private static @Nullable Long seconds(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > 5) {
            return null;
        }
        long seconds = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            seconds = seconds * 10 + (c - '0');
        }
        return seconds > MAX_SECONDS ? null : (Long) seconds;
    }
}
