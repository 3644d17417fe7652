package io.gracekeeper.e2e.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A program to run, once or several times.
 *
 * @param words the program and its arguments
 * @param input what it reads from standard input
 * @param bound how long it may take; it is killed then
 * @param progress is told each line of standard error as it comes
 */
public record Command(List<String> words, String input, Duration bound, Consumer<String> progress) {
    private static final Duration USUAL_BOUND = Duration.ofMinutes(4);

    /** How a program ended. */
    public record Result(Command command, int exitCode, String out, String err) {
        /** Whether it ended with 0. */
        public boolean succeeded() {
            return exitCode == 0;
        }

        /** This, or a failure with all that the program said. */
        public Result orFail() {
            if (!succeeded()) {
                throw new AssertionError(
                        String.join(" ", command.words) + "\nended with exit code " + exitCode + "\n" + err + out);
            }
            return this;
        }
    }

    /** Without input, silent, bound to four minutes. */
    public static Command of(List<String> words) {
        return new Command(List.copyOf(words), "", USUAL_BOUND, line -> {});
    }

    /** Without input, silent, bound to four minutes. */
    public static Command of(String... words) {
        return of(List.of(words));
    }

    /** The same with this on standard input. */
    public Command withInput(String text) {
        return new Command(words, text, bound, progress);
    }

    /** The same with another bound, telling somebody what it says on standard error. */
    public Command withProgress(Duration longest, Consumer<String> listener) {
        return new Command(words, input, longest, listener);
    }

    /** Runs it to its end. */
    public Result run() {
        try {
            Process process = new ProcessBuilder(words).start();
            CompletableFuture<String> out = reading(process.getInputStream(), line -> {});
            CompletableFuture<String> err = reading(process.getErrorStream(), progress);
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedWithoutReading) {
                // Its exit code says why.
            }
            if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", words) + "\nis not done after " + bound.toSeconds() + " s");
            }
            return new Result(this, process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", words), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + String.join(" ", words), e);
        }
    }

    private static CompletableFuture<String> reading(InputStream stream, Consumer<String> listener) {
        var whole = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            List<String> lines = new ArrayList<>();
            try (var reader =
                    new java.io.BufferedReader(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(line -> {
                    lines.add(line);
                    listener.accept(line);
                });
            } catch (IOException | UncheckedIOException e) {
                // The program was killed; what came so far is what there is.
            }
            whole.complete(lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
        });
        return whole;
    }
}
