package io.gracekeeper.cli;

import io.gracekeeper.cli.command.Gracekeeper;
import io.gracekeeper.cli.command.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the commands of a file in one JVM, which writes down what it loads: the AOT cache starts from that. It is in the jar since
 * a cache is bound to the class path that it was made with.
 */
final class Training {
    private Training() {}

    /**
     * Runs each line of a file as a command, and throws its output away.
     *
     * @param args the file
     * @throws IOException if it can't be read
     */
    public static void main(String[] args) throws IOException {
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        List<String> commands = Files.readAllLines(Path.of(args[0]));
        for (boolean isTerminal : new boolean[] {false, true}) {
            for (String command : commands) {
                Terminal terminal = Terminal.of(
                        InputStream.nullInputStream(),
                        OutputStream.nullOutputStream(),
                        OutputStream.nullOutputStream(),
                        isTerminal,
                        Map.of());
                int code = Gracekeeper.run(terminal, command.strip().split(" +"));
                System.out.println(code + " " + command);
            }
        }
    }
}
