package io.gracekeeper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

@DisplayName("A log line")
class LoggingConfiguratorTest {
    @Test
    @DisplayName("is one JSON object with its key-values and without the facts of the logging system")
    void json() throws Exception {
        JsonNode line = new ObjectMapper().readTree(logged(Map.of("GRACEKEEPER_LOG_FORMAT", "json")));

        assertThat(line.path("level").asText()).isEqualTo("INFO");
        assertThat(line.path("loggerName").asText()).isEqualTo("io.gracekeeper.webhook.Handler");
        assertThat(line.path("formattedMessage").asText()).isEqualTo("Refused \"it\"");
        assertThat(line.path("kvpList")).hasToString("[{\"uid\":\"u-1\"}]");
        assertThat(line.has("context")).isFalse();
        assertThat(line.has("sequenceNumber")).isFalse();
    }

    @Test
    @DisplayName("is text where text is asked for")
    void text() {
        assertThat(logged(Map.of("GRACEKEEPER_LOG_FORMAT", "text")))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\S+ INFO  Handler Refused \"it\" uid=\"u-1\"\\R");
    }

    @Test
    @DisplayName("is written from the level on that was asked for")
    void level() {
        assertThat(logged(Map.of("GRACEKEEPER_LOG_LEVEL", "error"))).isEmpty();
        assertThat(context(Map.of("GRACEKEEPER_LOG_LEVEL", "debug"))
                        .getLogger("io.gracekeeper")
                        .getEffectiveLevel())
                .isEqualTo(Level.DEBUG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.fabric8.kubernetes.client.informers.impl.cache.Reflector",
                "io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl",
                "io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector"
            })
    @DisplayName("of the client is not a stack trace for each watch or lease that an absent API server breaks")
    void noStackTraces(String library) throws Exception {
        Class.forName(library); // A name that no class has any more would silence nothing.
        Logger logger = context(Map.of()).getLogger(library);

        assertThat(logger.isWarnEnabled()).isFalse();
        assertThat(logger.isErrorEnabled()).isTrue();
    }

    @Test
    @DisplayName("does not close the process's output with its logging")
    void outputStaysOpen() {
        context(Map.of()).stop();

        assertThat(FileDescriptor.out.valid()).isTrue();
    }

    private static String logged(Map<String, String> env) {
        LoggerContext context = context(env);
        Appender<ILoggingEvent> console =
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");
        var bytes = new ByteArrayOutputStream();
        ((OutputStreamAppender<ILoggingEvent>) console).setOutputStream(bytes);
        context.getLogger("io.gracekeeper.webhook.Handler")
                .atInfo()
                .addKeyValue("uid", "u-1")
                .log("Refused \"{}\"", "it");
        context.stop();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static LoggerContext context(Map<String, String> env) {
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        new LoggingConfigurator(env).setUp(context);
        return context;
    }
}
