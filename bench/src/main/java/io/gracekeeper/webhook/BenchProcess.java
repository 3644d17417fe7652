package io.gracekeeper.webhook;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A {@link BenchServer} in a JVM of its own, with the flags of the image and the memory of the chart. */
record BenchProcess(String kind, Process process, int port) implements AutoCloseable {
    private static final String PASSWORD = "benchmark";
    private static final Path IMAGE_FLAGS = Path.of("image/src/main/image/jvm.args");

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
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("PORT ")) {
                return new BenchProcess(kind, process, Integer.parseInt(line.substring("PORT ".length())));
            }
        }
        throw new IllegalStateException("the server \"" + kind + "\" did not start");
    }

    /** What it has taken so far, of all threads: reviews, collector and compilers. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
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
        try (Stream<String> lines = Files.lines(IMAGE_FLAGS)) {
            return Stream.concat(
                            lines.filter(line -> line.startsWith("-") && !line.startsWith("-XX:AOT")),
                            Stream.of(POD_MEMORY))
                    .toList();
        }
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
