package io.gracekeeper.webhook;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a whole body, but never more than a limit. */
final class RequestBody {
    private static final Logger LOG = LoggerFactory.getLogger(RequestBody.class);

    /** Beyond it whoever goes on sending finds the connection closed. */
    private static final int MAX_DISCARDED_BYTES = 16 * 1024 * 1024;

    private static final int CHUNK_BYTES = 16 * 1024;

    private RequestBody() {}

    /** Reads what is left of a body that nobody wants: a client that is still sending would not see the answer. */
    static void discard(InputStream in) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            int total = 0;
            int count = in.read(chunk);
            while (count >= 0 && total < MAX_DISCARDED_BYTES) {
                total += count;
                count = in.read(chunk);
            }
        } catch (IOException e) {
            LOG.debug("A client left before it was answered", e);
        }
    }

    /**
     * Reads it.
     *
     * @param declaredLength what the client says; negative where it doesn't
     * @return the body; null if it is longer than the limit
     * @throws IOException if the connection breaks, or ends before what was declared has come
     */
    static byte @Nullable [] read(InputStream in, long declaredLength, int limit) throws IOException {
        if (declaredLength > limit) {
            return null;
        }
        if (declaredLength < 0) {
            byte[] body = in.readNBytes(limit + 1);
            return body.length > limit ? null : body;
        }
        byte[] body = new byte[(int) declaredLength]; // Exactly once, where readNBytes() would collect and copy.
        if (in.readNBytes(body, 0, body.length) < body.length) {
            throw new IOException("the body ended early");
        }
        return body;
    }
}
