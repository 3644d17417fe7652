package io.gracekeeper.policy;

import java.util.List;
import java.util.Locale;

/** The preStop hook of a container, as its manifest has it. */
public sealed interface PreStop {
    /** How long it takes. */
    HookLength length();

    /** How a text names it, for instance {@code preStop.sleep}. */
    String describe();

    /** The same hook, at least as long as its author declares it to be. Only a length that a manifest can't tell is declared. */
    default PreStop declared(long seconds) {
        return switch (this) {
            case Exec(List<String> command, HookLength length) -> new Exec(command, declare(length, seconds));
            case HttpGet(String host, HookLength length) -> new HttpGet(host, declare(length, seconds));
            case None none -> none;
            case Sleep sleep -> sleep;
            case Several several -> several;
            case Broken broken -> broken;
        };
    }

    private static HookLength declare(HookLength length, long seconds) {
        return switch (length) {
            case HookLength.Known(long lower, long upper) ->
                new HookLength.Known(Math.max(lower, seconds), Math.max(upper, seconds));
            case HookLength.Unknown(long lower) -> HookLength.of(Math.max(lower, seconds));
        };
    }

    /** There is none. */
    record None() implements PreStop {
        @Override
        public HookLength length() {
            return HookLength.of(0);
        }

        @Override
        public String describe() {
            return "no preStop hook";
        }
    }

    /**
     * {@code sleep}: done by the kubelet, needs no binary in the image (GA in 1.34).
     *
     * @param seconds at least 0; 0 is how an author says that nothing is to be injected
     */
    record Sleep(long seconds) implements PreStop {
        @Override
        public HookLength length() {
            return HookLength.of(Math.max(0, seconds));
        }

        @Override
        public String describe() {
            return "preStop.sleep " + seconds;
        }
    }

    /**
     * {@code exec}.
     *
     * @param command its argv
     * @param length as far as the command says
     */
    record Exec(List<String> command, HookLength length) implements PreStop {
        /** Copies the list. */
        public Exec {
            command = List.copyOf(command);
        }

        @Override
        public String describe() {
            String line = String.join(" ", command);
            return "exec \"" + (line.length() > 60 ? line.substring(0, 57) + "..." : line) + "\"";
        }
    }

    /**
     * {@code httpGet}: ends when the server answers, whatever it answers; nobody but its author can say when.
     *
     * @param host another host than the pod; empty where it is the pod
     * @param length as its author declares; unknown where he doesn't
     */
    record HttpGet(String host, HookLength length) implements PreStop {

        @Override
        public String describe() {
            return "preStop.httpGet";
        }
    }

    /**
     * More than one handler, which the API server refuses. It happens where an author adds a hook beside the sleep that we
     * injected; ours goes then.
     *
     * @param handlers at least two
     */
    record Several(List<PreStop> handlers) implements PreStop {
        /** Copies the list. */
        public Several {
            handlers = List.copyOf(handlers);
        }

        @Override
        public HookLength length() {
            return HookLength.of(0);
        }

        @Override
        public String describe() {
            return "a preStop hook with several handlers, which Kubernetes refuses";
        }
    }

    /**
     * A hook that the kubelet can't run, which is an event and no delay: {@code tcpSocket} (accepted by the API server, never
     * implemented), or none of the known handlers.
     *
     * @param what for instance {@code tcpSocket}
     */
    record Broken(String what) implements PreStop {
        @Override
        public HookLength length() {
            return HookLength.of(0);
        }

        @Override
        public String describe() {
            return String.format(Locale.ROOT, "preStop.%s, which fails at run time", what);
        }
    }
}
