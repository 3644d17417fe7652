package io.gracekeeper.policy.rules;

import io.gracekeeper.policy.Container;
import io.gracekeeper.policy.Note;
import io.gracekeeper.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The stop signal reaches the app, and not a program before it that keeps it to itself. */
final class SignalReachesAppAdvice implements Advice {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash", "zsh", "ksh");
    private static final Set<String> INITS = Set.of("tini", "dumb-init", "catatonit", "env", "nice", "nohup", "--");
    private static final Set<String> PACKAGE_MANAGERS = Set.of("npm", "yarn", "pnpm");
    private static final Set<String> SUPERVISORS =
            Set.of("pm2", "pm2-runtime", "supervisord", "s6-svscan", "runsvdir", "foreman");

    /** {@code exec} where a command may start, or a trap: the script cares for signals itself. */
    private static final Pattern CARES =
            Pattern.compile("(?:^|[;&|({\\n]|\\b(?:then|else|do)\\s)\\s*(?:exec\\s+[^>\\s]|trap\\s)");

    private static final Pattern PACKAGE_SCRIPT =
            Pattern.compile("(?:^|[\\s;&|(/])(npm|yarn|pnpm)\\s+(?:-\\S+\\s+)*(?:start|run|exec)\\b");

    @Override
    public Rule rule() {
        return Rule.SIGNAL_REACHES_APP;
    }

    @Override
    public String rationale() {
        return "The runtime sends the stop signal to process 1 alone. A shell that waits for a command does not pass it on, and as"
                + " process 1 it ignores it; npm and yarn start the app through a shell. The app then works on until SIGKILL"
                + " ends it: exit code 137 at every rollout. A supervisor (pm2, supervisord) kills its children by its own"
                + " clock and exits with 0, so that nobody sees it.";
    }

    @Override
    public String remedy() {
        return "Put exec before the last command of the shell, or name the app's own program in command: [node, server.js] instead of"
                + " [npm, start]. tini or dumb-init before the app is fine; before a shell they change nothing.";
    }

    @Override
    public List<String> sources() {
        return List.of(
                "pid_namespaces(7): only signals that process 1 has a handler for are sent to it",
                "containerd: internal/cri/server/container_stop.go (the signal goes to process 1)",
                "pm2: kill_timeout is 1600 ms");
    }

    @Override
    public List<Note> advise(AdviceInput input) {
        List<Note> notes = new ArrayList<>();
        for (Container container : input.template().containers()) {
            List<String> argv = new ArrayList<>(container.command());
            argv.addAll(container.args());
            String message = container.command().isEmpty()
                            || input.policy().duty(container).exempt()
                    ? null // Without a command the image's entrypoint runs, and what that is a manifest doesn't tell.
                    : message(container.display(), argv);
            if (message != null) {
                notes.add(new Note(rule(), container.field() + ".command", message));
            }
        }
        return notes;
    }

    private static @Nullable String message(String container, List<String> argv) {
        int start = 0;
        while (start < argv.size() - 1
                && (INITS.contains(program(argv.get(start)))
                        || (start > 0 && argv.get(start).startsWith("-")))) {
            start++;
        }
        List<String> command = argv.subList(start, argv.size());
        String program = program(command.get(0));
        String line = String.join(" ", command);
        if (SUPERVISORS.contains(program)) {
            return "container \"" + container + "\" runs under " + program
                    + ", which kills the app by a clock of its own"
                    + (program.startsWith("pm2") ? " (kill_timeout, 1.6s by default)" : "")
                    + " and exits with 0: no audit can see it. Run the app itself, or give that clock as much as the shutdown.";
        }
        if (PACKAGE_MANAGERS.contains(program) || PACKAGE_SCRIPT.matcher(line).find()) {
            String manager = PACKAGE_MANAGERS.contains(program) ? program : "a package manager";
            return "container \"" + container + "\" is started by " + manager
                    + ", which starts the app through a shell that does not pass SIGTERM on. Start it directly, as in"
                    + " command: [node, server.js].";
        }
        int script = SHELLS.contains(program) ? scriptOf(command) : -1;
        return script > 0 && !CARES.matcher(command.get(script)).find()
                ? "container \"" + container + "\" is started by " + program
                        + " -c without exec: the shell may keep SIGTERM to itself, and the app is killed at the end of its grace."
                        + " Write exec before the last command."
                : null;
    }

    /** Where the text after {@code -c} is; -1 where there is none. */
    private static int scriptOf(List<String> command) {
        for (int i = 1; i < command.size() - 1; i++) {
            if (command.get(i).matches("-[a-zA-Z]*c")) {
                return i + 1;
            }
            if (!command.get(i).startsWith("-")) {
                return -1;
            }
        }
        return -1;
    }

    private static String program(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
