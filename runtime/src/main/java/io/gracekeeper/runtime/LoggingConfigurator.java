package io.gracekeeper.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Log lines, set up in code, since a start is no place for parsing XML. Found by Logback through the service loader;
 * steps back where a {@code logback-test.xml} or {@code logback.xml} is on the class path and the environment asks for no form. Here a bad value falls back to its default: that
 * {@link Configuration} refuses it is what the user reads.
 */
public final class LoggingConfigurator extends ContextAwareBase implements Configurator {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level %logger{0} %msg %kvp%n%ex";

    private static final String FORMAT = Configuration.PREFIX + "LOG_FORMAT";

    private static final List<String> STACK_TRACES = List.of(
            "io.fabric8.kubernetes.client.informers.impl.cache.Reflector",
            "io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl",
            "io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector");

    private final Map<String, String> env;

    /** For the service loader. */
    public LoggingConfigurator() {
        this(System.getenv());
    }

    LoggingConfigurator(Map<String, String> env) {
        this.env = env;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (!env.containsKey(FORMAT) && (hasFile("logback-test.xml") || hasFile("logback.xml"))) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        setUp(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static boolean hasFile(String name) {
        return LoggingConfigurator.class.getClassLoader().getResource(name) != null;
    }

    void setUp(LoggerContext context) {
        var console = new OutputStreamAppender<ILoggingEvent>();
        console.setContext(context);
        console.setName("console");
        console.setEncoder(encoder(context));
        console.setOutputStream(new StandardOutput());
        console.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        root.setLevel(Level.INFO);
        context.getLogger("io.gracekeeper")
                .setLevel(Level.toLevel(env.get(Configuration.PREFIX + "LOG_LEVEL"), Level.INFO));
        // They tell at INFO what they are made of at every start, and of each closed connection.
        context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
        context.getLogger("io.javalin").setLevel(Level.WARN);
        // A stack trace at each attempt while the API server is away, and at each watch that it closes, as it does
        // every hour or so. We
        // say the same in a line.
        for (String library : STACK_TRACES) {
            context.getLogger(library).setLevel(Level.ERROR);
        }
        // That our own API is alpha.
        context.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils")
                .setLevel(Level.ERROR);
    }

    private Encoder<ILoggingEvent> encoder(LoggerContext context) {
        if ("text".equalsIgnoreCase(env.get(FORMAT))) {
            var text = new PatternLayoutEncoder();
            text.setContext(context);
            text.setPattern(PATTERN);
            text.start();
            return text;
        }
        var json = new JsonEncoder();
        json.setContext(context);
        // The same text, once formatted and once not, and facts about Logback itself: noise in every line.
        json.setWithContext(false);
        json.setWithSequenceNumber(false);
        json.setWithNanoseconds(false);
        json.setWithArguments(false);
        json.setWithFormattedMessage(true);
        json.setWithMessage(false);
        json.start();
        return json;
    }

    /**
     * The process's output, one write for each line. {@link System#out} is the same for platform threads; for virtual ones it asks the
     * scheduler for another thread during each write, since that may block (JDK 25, {@code System.Out}). The two threads then take the
     * core from each other for milliseconds, at each review that is logged. Without that, a write that blocks keeps the thread that it
     * is on; those that wait for its lock give theirs to others.
     */
    private static final class StandardOutput extends FileOutputStream {
        StandardOutput() {
            super(FileDescriptor.out);
        }

        /** Nothing: the output is the process's, and whoever writes to it next wants it open. */
        @Override
        public void close() {}
    }
}
