package io.gracekeeper.webhook;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads a whole body, but never more than a limit. */
final class RequestBody {
    private RequestBody() {}

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
