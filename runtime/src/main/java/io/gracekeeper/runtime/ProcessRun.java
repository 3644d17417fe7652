package io.gracekeeper.runtime;

import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a process of ours starts, and what its exit code says: the same for both. */
public final class ProcessRun {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessRun.class);
    private static final int REFUSED_CONFIGURATION = 2;
    private static final int FAILED_START = 1;

    private ProcessRun() {}

    /** Starts everything that a process is made of. */
    @FunctionalInterface
    public interface Start {
        /**
         * Starts it, and returns when it runs.
         *
         * @param shutdown takes the steps by which it stops, also if it stops before it has started whole
         * @throws IOException if a port is taken
         */
        void start(Configuration configuration, ShutdownSequence shutdown) throws IOException, InterruptedException;
    }

    /**
     * Runs the process until SIGTERM or SIGINT, after which the JVM exits with 0. Returns only where it could not start.
     *
     * @param env the environment
     * @return the exit code: 1 if it could not start, 2 if its configuration is refused
     */
    public static int run(ProcessKind process, Map<String, String> env, Start start) {
        var shutdown = new ShutdownSequence();
        try {
            start.start(Configuration.from(env, process), shutdown);
            shutdown.awaitEnd();
            return 0;
        } catch (ConfigurationException e) {
            LOG.error(e.getMessage());
            return REFUSED_CONFIGURATION;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED_START;
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.error("The {} can't start", process.word(), e);
            shutdown.exit(FAILED_START); // Part of it may run already, and stops in order.
            return FAILED_START;
        }
    }
}
