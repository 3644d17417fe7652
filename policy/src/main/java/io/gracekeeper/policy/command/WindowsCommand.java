package io.gracekeeper.policy.command;

import io.gracekeeper.policy.command.Outcome.Status;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The little of cmd.exe and PowerShell that hooks of Windows containers wait with. */
final class WindowsCommand {
    private static final Pattern START_SLEEP = Pattern.compile(
            "(?:start-sleep|sleep)(?:\\s+(-s|-sec|-seconds|-m|-ms|-milliseconds))?[\\s:]+([0-9]{1,9}(?:\\.[0-9]{1,3})?)");
    private static final Pattern TIMEOUT =
            Pattern.compile("timeout(?:\\.exe)?(?:\\s+/nobreak)?(?:\\s+/t)?\\s+([0-9]{1,9})(?:\\s+/nobreak)?");
    private static final Pattern PING = Pattern.compile(
            "ping(?:\\.exe)?\\s+(?:-n\\s+([0-9]{1,9})\\s+(?:127\\.0\\.0\\.1|localhost|::1)|(?:127\\.0\\.0\\.1|localhost|::1)\\s+-n\\s+([0-9]{1,9}))");
    private static final Pattern SILENT = Pattern.compile("\\s*[12]?>\\s*(nul|\\$null)|\\s*2>&1|\\s*<\\s*nul");

    private WindowsCommand() {}

    static Outcome run(String shell, List<Token.Word> arguments, Span at) {
        int i = 0;
        while (i < arguments.size() && arguments.get(i).text().matches("[-/][A-Za-z]+")) {
            String option = arguments.get(i).text().toLowerCase(Locale.ROOT);
            i += option.matches("[-/](executionpolicy|ep|ex|version|windowstyle|w)") ? 2 : 1;
            if (option.matches("[-/](f|file|e|ec|enc|encodedcommand)")) {
                return Outcome.of(at.plusUnknown(), Status.EITHER);
            }
            if (option.matches("[-/](c|k|command)")) {
                break;
            }
        }
        StringBuilder script = new StringBuilder();
        for (Token.Word word : arguments.subList(Math.min(i, arguments.size()), arguments.size())) {
            script.append(word.text()).append(' ');
        }
        boolean cmd = shell.equals("cmd");
        String line = script.toString().strip().toLowerCase(Locale.ROOT);
        if (line.length() > 2048 || line.isEmpty() || line.matches(".*[|(){}`%].*")) {
            return Outcome.of(at.plusUnknown(), Status.EITHER);
        }
        Span end = at;
        for (String part : line.split(cmd ? "&&?" : ";", -1)) {
            String command = SILENT.matcher(part.strip()).replaceAll("").strip();
            end = cmd ? cmd(command, end) : powershell(command, end);
        }
        return Outcome.of(end, Status.EITHER);
    }

    private static Span powershell(String command, Span at) {
        Matcher sleep = START_SLEEP.matcher(command);
        if (sleep.matches()) {
            boolean millis = sleep.group(1) != null && sleep.group(1).startsWith("-m");
            double value = Double.parseDouble(sleep.group(2)) * (millis ? 1 : 1000);
            return at.plus((long) Math.floor(value), (long) Math.ceil(value));
        }
        if (command.isEmpty() || command.matches("(write-host|write-output|echo|exit)( .*)?")) {
            return at;
        }
        return command.matches("(stop-process|stop-service|kill) .*")
                ? at.plusUnknown().stop()
                : at.plusUnknown();
    }

    private static Span cmd(String command, Span at) {
        Matcher timeout = TIMEOUT.matcher(command);
        if (timeout.matches()) {
            // It refuses to wait where its input is not a console, and a hook has none.
            return at.plus(0, Long.parseLong(timeout.group(1)) * 1000);
        }
        Matcher ping = PING.matcher(command);
        if (ping.matches()) {
            long count = Long.parseLong(ping.group(1) == null ? ping.group(2) : ping.group(1));
            return at.plus(Math.max(0, count - 1) * 1000, count * 1000);
        }
        if (command.isEmpty() || command.matches("(echo|rem|exit|type nul)( .*)?|taskkill( .*)?")) {
            return command.startsWith("taskkill") ? at.stop() : at;
        }
        return at.plusUnknown();
    }
}
