package io.gracekeeper.webhook;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A {@link BenchServer} in a JVM of its own, with the flags of the image and the memory of the chart. */
record BenchProcess(String kind, Process process, int port) implements AutoCloseable {
    private static final String PASSWORD = "benchmark";

    private static final List<Path> IMAGE_FLAGS =
            List.of(Path.of("image/src/main/image/jvm.args"), Path.of("image/src/main/image/webhook.args"));

    /** The memory limit of a pod of the chart, of which the heap is a share. */
    private static final String POD_MEMORY = "-XX:MaxRAM=256m";

    /** Starts it and waits until it listens. */
    static BenchProcess start(String kind, Path keys) throws IOException {
        List<String> command = new ArrayList<>(affinity());
        command.add(java("java"));
        command.addAll(flags());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                BenchServer.class.getName(),
                kind,
                keys.toString(),
                PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = process.errorReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("PORT ")) {
                return new BenchProcess(kind, process, Integer.parseInt(line.substring("PORT ".length())));
            }
        }
        throw new IllegalStateException("the server \"" + kind + "\" did not start");
    }

    /**
     * The CPU that it has taken so far, but for its compilers: their work is done once, and how long it goes on depends on what
     * else the machine does. Reviews, collector and input and output are in it.
     */
    double cpuSeconds() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(process.pid()), "task"))) {
            return threads.mapToLong(BenchProcess::nanos).sum() / 1e9;
        } catch (IOException e) {
            throw new UncheckedIOException("the CPU of a process is read from /proc", e);
        }
    }

    /** What a thread has run: the first field of its schedstat, in nanoseconds (ticks of 10 ms are coarse for a busy server's many threads). */
    private static long nanos(Path thread) {
        try {
            String name = Files.readString(thread.resolve("comm"));
            if (name.startsWith("C1 Comp") || name.startsWith("C2 Comp")) {
                return 0;
            }
            String run = Files.readString(thread.resolve("schedstat"));
            return Long.parseLong(run.substring(0, run.indexOf(' ')));
        } catch (IOException ended) {
            return 0;
        }
    }

    @Override
    public void close() {
        process.destroy();
    }

    /** A new key and certificate for the servers. */
    static Path keyStore() throws IOException, InterruptedException {
        Path file = Files.createTempDirectory("bench").resolve("keys.p12");
        List<String> command = List.of(
                java("keytool"),
                "-genkeypair",
                "-alias",
                "bench",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD);
        int code = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("keytool ended with " + code);
        }
        return file;
    }

    /** Those of the image but for its cache, which was made for its jars. */
    private static List<String> flags() throws IOException {
        List<String> flags = new ArrayList<>();
        for (Path file : IMAGE_FLAGS) {
            flags.addAll(Files.readAllLines(file));
        }
        flags.removeIf(line -> !line.startsWith("-") || line.startsWith("-XX:AOT"));
        flags.add(POD_MEMORY);
        return flags;
    }

    /** Given by {@code bench/run} where there is a core for the servers and another one for their client. */
    private static List<String> affinity() {
        String core = System.getProperty("serverCore", "");
        return core.isEmpty() ? List.of() : List.of("taskset", "-c", core);
    }

    private static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }
}
