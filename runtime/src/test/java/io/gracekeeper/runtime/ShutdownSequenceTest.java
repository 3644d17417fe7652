package io.gracekeeper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The stop sequence")
@Timeout(60)
class ShutdownSequenceTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @Test
    @DisplayName("runs its steps in order, once, and goes on after one that fails")
    void runsInOrder() {
        var shutdown = new ShutdownSequence();
        shutdown.step("first", LONG, () -> done.add("first, started=" + shutdown.isStarted()))
                .step("fails", LONG, () -> {
                    throw new IOException("boom");
                })
                .step("last", LONG, () -> done.add("last"));

        assertThat(shutdown.isStarted()).isFalse();
        shutdown.run();
        shutdown.run();

        assertThat(done).containsExactly("first, started=true", "last");
    }

    @Test
    @DisplayName("interrupts a step that takes longer than it may, and goes on")
    void leavesBehind() throws InterruptedException {
        var interrupted = new CountDownLatch(1);
        var shutdown = new ShutdownSequence()
                .step("hangs", Duration.ofMillis(50), () -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                })
                .step("last", LONG, () -> done.add("last"));

        shutdown.run();

        assertThat(done).containsExactly("last");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        shutdown.awaitEnd();
    }

    @Test
    @DisplayName("ends a process that gets SIGTERM with 0, after its steps")
    void exitsZeroOnSigterm() throws Exception {
        Process process = start("wait");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("up");
            process.toHandle().destroy(); // SIGTERM; Process.destroy would close our end of its output too

            assertThat(out.readLine()).isEqualTo("step");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    @DisplayName("ends a process that gives up with its code, after its steps")
    void exitsWithCode() throws Exception {
        Process process = start("fail");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("up");
            assertThat(out.readLine()).isEqualTo("step");
            assertThat(process.waitFor()).isEqualTo(3);
        }
    }

    private static Process start(String mode) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stopping.class.getName(),
                        mode)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** A process that waits for its end, or brings it about. */
    static final class Stopping {
        private Stopping() {}

        /** Runs it. */
        public static void main(String[] args) throws InterruptedException {
            var shutdown = new ShutdownSequence().step("print", LONG, () -> System.out.println("step"));
            shutdown.installHook();
            System.out.println("up");
            if (args[0].equals("fail")) {
                shutdown.exit(3);
            }
            shutdown.awaitEnd();
        }
    }
}
