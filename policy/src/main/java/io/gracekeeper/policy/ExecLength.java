package io.gracekeeper.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long an exec hook takes, as far as its command says: a plain {@code sleep}, also through a shell. */
final class ExecLength {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash", "zsh", "busybox");
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)([smhd]?)");
    private static final long MAX_SECONDS = 1_000_000_000L;

    private ExecLength() {}

    static HookLength of(List<String> command) {
        if (command.isEmpty()) {
            return new HookLength.Unknown();
        }
        String program = program(command.get(0));
        if (program.equals("sleep")) {
            return sleep(command.subList(1, command.size()));
        }
        if (program.equals("busybox") && command.size() > 1) {
            return of(command.subList(1, command.size()));
        }
        if (SHELLS.contains(program) && command.size() == 3 && command.get(1).equals("-c")) {
            return script(command.get(2));
        }
        return new HookLength.Unknown();
    }

    /** One simple command. Anything that a shell would expand, join or branch on is beyond what a manifest can tell. */
    private static HookLength script(String script) {
        String line = script.strip();
        if (line.endsWith(";")) {
            line = line.substring(0, line.length() - 1).strip();
        }
        if (line.startsWith("exec ")) {
            line = line.substring("exec ".length()).strip();
        }
        if (!line.matches("[A-Za-z0-9/._ -]+")) {
            return new HookLength.Unknown();
        }
        List<String> words = List.of(line.split(" +"));
        return program(words.get(0)).equals("sleep") ? sleep(words.subList(1, words.size())) : new HookLength.Unknown();
    }

    /** GNU sleep adds up its arguments and knows fractions and units; rounded up, since a budget must have room for it. */
    private static HookLength sleep(List<String> arguments) {
        if (arguments.isEmpty()) {
            return new HookLength.Unknown();
        }
        BigDecimal total = BigDecimal.ZERO;
        for (String argument : arguments) {
            Matcher matcher = NUMBER.matcher(argument);
            if (!matcher.matches()) {
                return new HookLength.Unknown();
            }
            int unit = switch (matcher.group(2)) {
                case "m" -> 60;
                case "h" -> 3600;
                case "d" -> 86_400;
                default -> 1;
            };
            total = total.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)));
        }
        BigDecimal capped = total.min(BigDecimal.valueOf(MAX_SECONDS));
        return new HookLength.Known(
                capped.setScale(0, RoundingMode.FLOOR).longValueExact(),
                capped.setScale(0, RoundingMode.CEILING).longValueExact());
    }

    private static String program(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
