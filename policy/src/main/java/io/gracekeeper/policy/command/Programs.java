package io.gracekeeper.policy.command;

import io.gracekeeper.policy.command.Outcome.Status;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known of programs: which wait, which only hand over to another, which are over at once. A program that is not here may
 * take any time.
 */
final class Programs {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash", "zsh", "ksh", "mksh");
    private static final Set<String> SURE = Set.of("echo", "printf", "true");
    private static final Set<String> INSTANT = Set.of(
            "touch",
            "mkdir",
            "rmdir",
            "ln",
            "test",
            "[",
            "date",
            "hostname",
            "id",
            "whoami",
            "uname",
            "pwd",
            "basename",
            "dirname",
            "pidof",
            "pgrep",
            "rm",
            "chmod",
            "cat",
            "expr",
            "seq");
    private static final Set<String> STOPPING = Set.of("kill", "pkill", "killall", "killall5");

    /** Signals that leave a server serving. */
    private static final Set<String> HARMLESS_SIGNALS = Set.of("0", "HUP", "1", "CONT", "18", "L");

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{0,12})?|\\.[0-9]{1,12})([smhd]?)");
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    private Programs() {}

    /** An interval of time, rounded outwards. */
    private record Duration(long lower, long upper) {}

    /** Runs a command as a process. */
    static Outcome run(List<Token.Word> words, Span at, int depth) {
        if (words.isEmpty() || !words.get(0).literal() || depth > 12) {
            return unknown(at);
        }
        String program = name(words.get(0).text());
        List<Token.Word> arguments = words.subList(1, words.size());
        if (SHELLS.contains(program)) {
            return shell(arguments, at, depth);
        }
        if (SURE.contains(program)) {
            return Outcome.of(at, Status.SUCCESS);
        }
        if (INSTANT.contains(program)) {
            return instant(program, arguments, at);
        }
        if (STOPPING.contains(program)) {
            return kill(arguments, at);
        }
        return switch (program) {
            case "false" -> Outcome.of(at, Status.FAILURE);
            case "sleep" -> sleep(arguments, at);
            case "usleep" -> usleep(arguments, at);
            case "timeout", "gtimeout" -> timeout(arguments, at, depth);
            case "curl" -> curl(arguments, at);
            case "nginx", "openresty", "angie", "tengine" -> nginx(arguments, at);
            case "apachectl", "apache2ctl", "httpd", "apache2" -> apache(arguments, at);
            case "cmd", "powershell", "pwsh" -> WindowsCommand.run(program, arguments, at);
            default -> wrapper(program, arguments, at, depth);
        };
    }

    private static Outcome unknown(Span at) {
        return Outcome.of(at.plusUnknown(), Status.EITHER);
    }

    private static String name(String path) {
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".exe") ? lower.substring(0, lower.length() - 4) : name;
    }

    /** Programs that run another one. */
    private static Outcome wrapper(String program, List<Token.Word> arguments, Span at, int depth) {
        Set<String> valued = switch (program) {
            case "env" -> Set.of("-u", "--unset", "-C", "--chdir");
            case "nice" -> Set.of("-n", "--adjustment");
            case "ionice" -> Set.of("-c", "-n", "--class", "--classdata");
            case "stdbuf" -> Set.of("-i", "-o", "-e");
            case "nohup", "busybox", "toybox", "time", "tini", "dumb-init", "chronic" -> Set.of();
            case "su-exec", "gosu", "setpriv" -> Set.of();
            default -> null;
        };
        if (valued == null) {
            return unknown(at);
        }
        int i = 0;
        while (i < arguments.size()) {
            Token.Word word = arguments.get(i);
            String text = word.text();
            if (program.equals("env") && text.matches("-S|--split-string.*")) {
                return unknown(at);
            }
            if (text.startsWith("-")) {
                i += valued.contains(text) ? 2 : 1;
            } else if (program.equals("env") && text.contains("=")) {
                i++;
            } else {
                break;
            }
        }
        if (program.equals("su-exec") || program.equals("gosu")) {
            i++; // The user.
        }
        return i < arguments.size()
                ? run(arguments.subList(i, arguments.size()), at, depth + 1)
                : Outcome.of(at, Status.EITHER);
    }

    private static Outcome shell(List<Token.Word> arguments, Span at, int depth) {
        boolean errexit = false;
        for (int i = 0; i < arguments.size(); i++) {
            String text = arguments.get(i).text();
            if (text.matches("[-+]o") || text.matches("-[a-zA-Z]+o")) {
                errexit |= text.contains("e")
                        || (i + 1 < arguments.size()
                                && arguments.get(i + 1).text().equals("errexit"));
                i++;
            } else if (text.matches("-[a-zA-Z]*c[a-zA-Z]*")) {
                errexit |= text.contains("e");
                return script(arguments.subList(i + 1, arguments.size()), at, depth, errexit);
            } else if (text.matches("-[a-zA-Z]+")) {
                errexit |= text.contains("e");
            } else if (!text.startsWith("--")) {
                return unknown(at); // A script in a file.
            }
        }
        return unknown(at);
    }

    private static Outcome script(List<Token.Word> arguments, Span at, int depth, boolean errexit) {
        return arguments.isEmpty()
                ? Outcome.of(at, Status.FAILURE)
                : arguments.get(0).literal() ? ShellRun.of(arguments.get(0).text(), at, depth, errexit) : unknown(at);
    }

    /** GNU sleep adds up its arguments and knows fractions and units. */
    private static Outcome sleep(List<Token.Word> arguments, Span at) {
        Span end = at;
        for (Token.Word argument : arguments) {
            Duration duration = argument.literal() ? duration(argument.text(), THOUSAND) : null;
            if (duration == null) {
                return unknown(at);
            }
            end = end.plus(duration.lower, duration.upper);
        }
        return arguments.isEmpty() ? unknown(at) : Outcome.of(end, Status.SUCCESS);
    }

    private static Outcome usleep(List<Token.Word> arguments, Span at) {
        Duration duration = arguments.size() == 1
                        && arguments.get(0).literal()
                        && arguments.get(0).text().matches("[0-9]+")
                ? duration(arguments.get(0).text(), new BigDecimal("0.001"))
                : null;
        return duration == null ? unknown(at) : Outcome.of(at.plus(duration.lower, duration.upper), Status.SUCCESS);
    }

    private static @Nullable Duration duration(String text, BigDecimal millis) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        int unit = switch (matcher.group(2)) {
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            default -> 1;
        };
        BigDecimal value = new BigDecimal(matcher.group(1))
                .multiply(millis)
                .multiply(BigDecimal.valueOf(unit))
                .min(BigDecimal.valueOf(Span.MAX_MILLIS));
        return new Duration(
                value.setScale(0, RoundingMode.FLOOR).longValueExact(),
                value.setScale(0, RoundingMode.CEILING).longValueExact());
    }

    /** At most the limit (and what {@code --kill-after} adds), even if nothing is known of the command. */
    private static Outcome timeout(List<Token.Word> arguments, Span at, int depth) {
        int i = 0;
        long killAfter = 0;
        Duration limit = null;
        while (i < arguments.size() && arguments.get(i).text().startsWith("-")) {
            String option = arguments.get(i).text();
            boolean valued = option.matches("-[skt]|--signal|--kill-after");
            String value = valued && i + 1 < arguments.size()
                    ? arguments.get(i + 1).text()
                    : option.replaceFirst("^(--[a-z-]+=|-[a-z])", "");
            if (option.startsWith("-k") || option.startsWith("--kill-after")) {
                Duration more = duration(value, THOUSAND);
                if (more == null) {
                    return unknown(at);
                }
                killAfter = more.upper;
            } else if (option.startsWith("-t")) {
                limit = duration(value, THOUSAND); // As BusyBox had it until 2019.
            }
            i += valued ? 2 : 1;
        }
        if (limit == null && i < arguments.size()) {
            limit = arguments.get(i).literal() ? duration(arguments.get(i).text(), THOUSAND) : null;
            i++;
        }
        if (i >= arguments.size()) {
            return unknown(at);
        }
        return cutOff(run(arguments.subList(i, arguments.size()), zero(at), depth + 1), limit, killAfter, at);
    }

    private static Span zero(Span at) {
        return at.stopping() ? Span.ZERO.stop() : Span.ZERO;
    }

    private static Outcome cutOff(Outcome command, @Nullable Duration limit, long killAfter, Span at) {
        Outcome inner = command.contained();
        Span length = inner.next() == null ? zero(at).plusUnknown() : inner.next();
        if (limit == null) {
            // A limit that can't be known may cut the command off at any time.
            Span cut = new Span(0, length.upperMillis(), length.bounded(), length.stopping());
            return Outcome.of(at.plus(cut), Status.EITHER);
        }
        if (limit.upper == 0) {
            return Outcome.of(at.plus(length), inner.status()); // 0 is no limit.
        }
        boolean inTime = length.bounded() && length.upperMillis() <= limit.lower;
        long most = limit.upper + killAfter;
        Span cut = new Span(
                Math.min(length.lowerMillis(), limit.lower),
                length.bounded() ? Math.min(length.upperMillis(), most) : most,
                true,
                length.stopping());
        return Outcome.of(at.plus(cut), inTime ? inner.status() : Status.EITHER);
    }

    private static Outcome instant(String program, List<Token.Word> arguments, Span at) {
        for (Token.Word argument : arguments) {
            String text = argument.text();
            boolean tree = text.matches("-[a-zA-Z]*[rR][a-zA-Z]*|--recursive");
            if (tree && (program.equals("rm") || program.equals("chmod"))) {
                return unknown(at); // A whole tree takes its time.
            }
            if (program.equals("cat") && (text.startsWith("/dev/") || text.equals("-"))) {
                return unknown(at);
            }
        }
        return program.equals("cat") && arguments.isEmpty() ? unknown(at) : Outcome.of(at, Status.EITHER);
    }

    private static Outcome kill(List<Token.Word> arguments, Span at) {
        boolean harmless = false;
        for (int i = 0; i < arguments.size() && arguments.get(i).text().startsWith("-"); i++) {
            String option = arguments.get(i).text();
            boolean valued = option.matches("-s|-n|--signal") && i + 1 < arguments.size();
            String signal = valued ? arguments.get(++i).text() : option.replaceFirst("^(--signal=|-s?)", "");
            harmless |=
                    HARMLESS_SIGNALS.contains(signal.toUpperCase(Locale.ROOT).replaceFirst("^SIG", ""));
        }
        return Outcome.of(harmless ? at : at.stop(), Status.EITHER);
    }

    private static Outcome nginx(List<Token.Word> arguments, Span at) {
        for (int i = 0; i + 1 < arguments.size(); i++) {
            if (arguments.get(i).text().equals("-s")) {
                String signal = arguments.get(i + 1).text();
                boolean stops = !signal.equals("reload") && !signal.equals("reopen");
                return Outcome.of(stops ? at.stop() : at, Status.EITHER);
            }
        }
        return unknown(at);
    }

    private static Outcome apache(List<Token.Word> arguments, Span at) {
        List<String> words = arguments.stream().map(Token.Word::text).toList();
        boolean stops = words.contains("graceful-stop");
        boolean reloads = words.contains("graceful");
        return stops || reloads ? Outcome.of(stops ? at.stop() : at, Status.EITHER) : unknown(at);
    }

    /** One transfer with a limit. Retries and more transfers each have that limit again. */
    private static Outcome curl(List<Token.Word> arguments, Span at) {
        Duration limit = null;
        int urls = 0;
        for (int i = 0; i < arguments.size(); i++) {
            String text = arguments.get(i).text();
            String value = i + 1 < arguments.size() ? arguments.get(i + 1).text() : "";
            if (text.matches("-m|--max-time")) {
                limit = duration(value, THOUSAND);
            } else if (text.matches("--max-time=.*|-m[0-9.]+")) {
                limit = duration(text.replaceFirst("^(--max-time=|-m)", ""), THOUSAND);
            } else if (text.startsWith("--retry") || text.equals("--next") || text.matches("-K|--config")) {
                return unknown(at);
            }
            urls += text.contains("://") || text.matches("(localhost|127\\.0\\.0\\.1|\\[::1])([:/].*)?") ? 1 : 0;
        }
        return limit == null || limit.upper == 0 || urls > 1
                ? unknown(at)
                : Outcome.of(at.plus(0, limit.upper), Status.EITHER);
    }
}
