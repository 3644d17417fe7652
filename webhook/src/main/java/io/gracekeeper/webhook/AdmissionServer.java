package io.gracekeeper.webhook;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS listener. What isn't a review is answered by a 4xx with a few words, never by a stack trace: a wrong path 404, a wrong
 * method 405, a body over {@value #MAX_BODY_BYTES} bytes 413, a wrong content type 415, a body that is no review 400.
 */
final class AdmissionServer {
    /** An object may be 1.5 MiB in etcd, and an update carries two of them. */
    static final int MAX_BODY_BYTES = 3 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AdmissionServer.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    /** More than any API server keeps in flight at one webhook; beyond it requests wait for their turn. */
    private static final int MAX_CONCURRENT_REQUESTS = 1000;

    private static final Duration POLL = Duration.ofMillis(10);

    /** For what a client had sent before it saw the goodbye, and that is still on its way. */
    private static final Duration QUIET = Duration.ofMillis(200);

    private final ReviewAnswers answers;
    private final BooleanSupplier stopping;
    private final GracefulHandler inFlight = new GracefulHandler();
    private final TlsConnector connector;
    private final Javalin app;

    /**
     * A server that isn't started yet.
     *
     * @param port where to listen; 0 takes any free port
     * @param keys the certificate to show, which may change at any time
     * @param answers who answers the bodies
     * @param stopping whether clients should go elsewhere with their next request
     */
    AdmissionServer(int port, ReloadingKeyManager keys, ReviewAnswers answers, BooleanSupplier stopping) {
        this.answers = answers;
        this.stopping = stopping;
        this.connector = new TlsConnector(port, keys);
        this.app = Javalin.create(this::configure);
    }

    /** Binds the port and starts answering. */
    AdmissionServer start() {
        app.start();
        return this;
    }

    /** The port that it listens on. */
    int port() {
        return app.port();
    }

    /** How many requests are being answered right now. */
    long inFlight() {
        return inFlight.getCurrentRequestCount();
    }

    /** Takes no new connections any more. The open ones go on. */
    void stopListening() {
        connector.stopListening();
    }

    /**
     * Asks clients to leave and waits until everything that they have sent is answered, or until it is interrupted. Idle
     * connections don't count: many clients keep them until they are closed.
     */
    void finishInFlight() throws InterruptedException {
        connector.sayGoodbye();
        long quietSince = System.nanoTime();
        while (System.nanoTime() - quietSince < QUIET.toNanos()) {
            Thread.sleep(POLL);
            if (inFlight() > 0) {
                quietSince = System.nanoTime();
            }
        }
    }

    /** Closes all connections. */
    void stop() {
        connector.dontWaitForIdleConnections();
        app.stop();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = MAX_BODY_BYTES;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.prefer405over404 = true;
        var threads = new VirtualThreadPool(MAX_CONCURRENT_REQUESTS);
        threads.setName("review");
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(this::configure);
        config.jetty.addConnector(connector::create);
        for (AdmissionPath path : AdmissionPath.values()) {
            config.routes.post(path.path(), context -> review(path, context));
        }
        config.routes.exception(HttpResponseException.class, (e, context) -> refuse(context, e.getStatus(), words(e)));
        config.routes.exception(IOException.class, (e, context) -> refuse(context, 400, "the body could not be read"));
        config.routes.exception(Exception.class, (e, context) -> {
            LOG.atError().addKeyValue("path", context.path()).setCause(e).log("Request failed");
            refuse(context, 500, "internal error");
        });
    }

    private void configure(Server server) {
        server.insertHandler(inFlight);
        server.setErrorHandler(new PlainErrors());
    }

    private void review(AdmissionPath path, Context context) throws IOException {
        if (stopping.getAsBoolean() && !context.protocol().startsWith("HTTP/2")) {
            context.header("Connection", "close"); // HTTP/2 has no such header; there the goodbye is a frame.
        }
        if (!isJson(context.contentType())) {
            refuse(context, 415, "the content type must be application/json");
            return;
        }
        byte[] body = RequestBody.read(context.bodyInputStream(), context.req().getContentLengthLong(), MAX_BODY_BYTES);
        if (body == null) {
            refuse(context, 413, "the body is longer than " + MAX_BODY_BYTES + " bytes");
            return;
        }
        try {
            context.contentType("application/json").result(answers.handle(path, body));
        } catch (BadReviewException e) {
            refuse(context, 400, e.words());
        }
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        return type.strip().toLowerCase(Locale.ROOT).equals("application/json");
    }

    private static String words(HttpResponseException e) {
        return switch (e.getStatus()) {
            case 404 -> "no such path";
            case 405 -> "only POST";
            default -> "request refused";
        };
    }

    private static void refuse(Context context, int status, String words) {
        RequestBody.discard(context.bodyInputStream());
        context.status(status).contentType(TEXT).result(words + "\n");
    }
}
