package io.gracekeeper.webhook;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What Jetty answers by itself, for instance to a broken request line: the status alone, without a page about Jetty. */
final class PlainErrors implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.write(
                true,
                ByteBuffer.wrap(("refused: " + response.getStatus() + "\n").getBytes(StandardCharsets.US_ASCII)),
                callback);
        return true;
    }
}
