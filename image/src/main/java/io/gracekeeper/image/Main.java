package io.gracekeeper.image;

import io.gracekeeper.operator.OperatorMain;
import io.gracekeeper.webhook.WebhookMain;
import java.io.PrintStream;
import java.util.List;

/** Entry point of the image: its first argument says which of the two processes this is. */
public final class Main {
    private static final String USAGE = """
            usage: gracekeeper webhook | operator | --version
              webhook    answers admission reviews
              operator   keeps status, turns, audits and certificates
            Both are configured by GRACEKEEPER_* variables; an unknown one is refused by name.""";

    /** The exit code for a wrong command line. */
    static final int WRONG_USAGE = 2;

    private Main() {}

    /**
     * Becomes the process that the argument names.
     *
     * @param args {@code webhook}, {@code operator} or {@code --version}
     */
    public static void main(String[] args) {
        int code = run(List.of(args), System.out, System.err);
        if (code != 0) {
            System.exit(code);
        }
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        if (args.size() != 1) {
            err.println(USAGE);
            return WRONG_USAGE;
        }
        switch (args.getFirst()) {
            case "webhook" -> {
                return WebhookMain.run(System.getenv());
            }
            case "operator" -> {
                return OperatorMain.run(System.getenv());
            }
            case "--version" -> out.println("gracekeeper " + version());
            default -> {
                err.println("gracekeeper: \"" + args.getFirst() + "\" is not a process that I know\n" + USAGE);
                return WRONG_USAGE;
            }
        }
        return 0;
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
