package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.policy.JsonPatches;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The server")
@Timeout(60)
class AdmissionServerTest {
    private static TestServer server;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        server = new TestServer(Reviews.STRICT);
        http = server.client(Version.HTTP_2);
    }

    @AfterAll
    static void stop() {
        http.close();
        server.close();
    }

    @ParameterizedTest
    @DisplayName("refuses over HTTP/1.1 and HTTP/2 what can't drain")
    @EnumSource(
            value = Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void refuses(Version version) throws Exception {
        try (HttpClient client = server.client(version)) {
            HttpResponse<byte[]> answer =
                    server.post(client, AdmissionPath.VALIDATE_WORKLOADS, Reviews.bytes("deployment-create"));

            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
            JsonNode status = Reviews.response(answer.body()).path("status");
            assertThat(status.path("code").intValue()).isEqualTo(422);
            assertThat(status.at("/details/causes/0/field").asText()).startsWith("spec.template.spec");
        }
    }

    @Test
    @DisplayName("injects with a patch that applies, makes the object pass, and lets fields survive that nobody knows")
    void injects() throws Exception {
        byte[] review = Reviews.bytes("deployment-create");
        JsonNode object = Reviews.read("deployment-create").at("/request/object");

        HttpResponse<byte[]> answer = server.post(http, AdmissionPath.MUTATE_WORKLOADS, review);

        JsonNode patched = JsonPatches.apply(object, Reviews.patch(Reviews.response(answer.body())));
        JsonNode pod = patched.at("/spec/template/spec");
        assertThat(pod.path("terminationGracePeriodSeconds").intValue()).isEqualTo(35);
        assertThat(pod.at("/containers/0/lifecycle/preStop/sleep/seconds").intValue())
                .isEqualTo(10);
        assertThat(pod.at("/containers/0/futureField"))
                .isEqualTo(object.at("/spec/template/spec/containers/0/futureField"));
        assertThat(pod.path("futureOfPods").booleanValue()).isTrue();
        assertThat(patched.at("/spec/template/metadata/annotations").has(Annotations.INJECTED))
                .isTrue();
        byte[] again = Reviews.bytes(
                "deployment-create", r -> Reviews.at(r, "/request").set("object", patched));
        assertThat(Reviews.response(server.post(http, AdmissionPath.VALIDATE_WORKLOADS, again)
                                .body())
                        .path("allowed")
                        .booleanValue())
                .isTrue();
        assertThat(Reviews.patch(Reviews.response(
                        server.post(http, AdmissionPath.MUTATE_WORKLOADS, again).body())))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} {1} -> {2}")
    @DisplayName("answers a wrong path with 404 and a wrong method with 405")
    @CsvSource({
        "POST, /, 404",
        "POST, /mutate, 404",
        "POST, /mutate/workloads/x, 404",
        "GET, /livez, 404",
        "GET, /mutate/workloads, 405",
        "PUT, /validate/workloads, 405",
        "DELETE, /validate/policies, 405",
        "HEAD, /validate/policies, 405",
    })
    void wrongPathOrMethod(String method, String path, int status) throws Exception {
        HttpResponse<String> answer = http.send(
                server.request(path).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(status);
        assertShort(answer);
    }

    @ParameterizedTest
    @DisplayName("answers a content type that isn't JSON with 415")
    @CsvSource({"text/plain", "application/yaml", "application/json-patch+json", "''"})
    void wrongContentType(String type) throws Exception {
        HttpResponse<String> answer = http.send(
                server.request(AdmissionPath.MUTATE_WORKLOADS.path())
                        .setHeader("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(Reviews.bytes("deployment-create")))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(415);
        assertShort(answer);
    }

    @Test
    @DisplayName("takes a content type with parameters")
    void contentTypeWithParameters() throws Exception {
        HttpResponse<String> answer = http.send(
                server.request(AdmissionPath.VALIDATE_POLICIES.path())
                        .setHeader("Content-Type", "Application/JSON; charset=utf-8")
                        .POST(BodyPublishers.ofByteArray(Reviews.bytes("policy-create")))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @DisplayName("answers what is no review with 400")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"``", "{", "null", "{}", "[1]", "{\"kind\":\"AdmissionReview\"}", "\u0000"})
    void noReview(String body) throws Exception {
        HttpResponse<String> answer = http.send(
                server.request(AdmissionPath.MUTATE_WORKLOADS.path())
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertShort(answer);
    }

    @ParameterizedTest
    @DisplayName("answers a body over the limit with 413, whether or not its length is declared")
    @CsvSource({"HTTP_1_1, true", "HTTP_1_1, false", "HTTP_2, true", "HTTP_2, false"})
    void tooLarge(Version version, boolean declared) throws Exception {
        byte[] body = new byte[AdmissionServer.MAX_BODY_BYTES + 1];
        try (HttpClient client = server.client(version)) {
            HttpResponse<String> answer = client.send(
                    server.request(AdmissionPath.MUTATE_WORKLOADS.path())
                            .POST(
                                    declared
                                            ? BodyPublishers.ofByteArray(body)
                                            : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(413);
            assertShort(answer);
        }
    }

    @Test
    @DisplayName("takes a body of the limit's size, of a declared length or not")
    void largestBody() throws Exception {
        byte[] review = Reviews.bytes("deployment-create");
        byte[] body = new byte[AdmissionServer.MAX_BODY_BYTES];
        Arrays.fill(body, (byte) ' ');
        System.arraycopy(review, 0, body, 0, review.length);

        assertThat(server.post(http, AdmissionPath.MUTATE_WORKLOADS, body).statusCode())
                .isEqualTo(200);
        assertThat(server.post(
                                http,
                                AdmissionPath.MUTATE_WORKLOADS,
                                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @DisplayName("doesn't say what it is made of, whatever is wrong with a request")
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1\\r\\n\\r\\n | 400",
                "NONSENSE\\r\\n\\r\\n | 400",
                "POST /mutate/workloads HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: -1\\r\\n\\r\\n | 400",
                "POST /mutate/../x HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n | 404",
                "POST /%00 HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n | 400",
            })
    void brokenRequests(String raw, int status) throws Exception {
        try (SSLSocket socket = (SSLSocket)
                server.authority.trust().getSocketFactory().createSocket("localhost", server.server.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(raw.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answer = read(socket.getInputStream());

            assertThat(answer).startsWith("HTTP/1.1 " + status);
            assertThat(answer.toLowerCase(Locale.ROOT))
                    .doesNotContain("jetty", "javalin", "exception", "\nserver:", "<html");
        }
    }

    @Test
    @DisplayName("refuses versions of TLS that are too old")
    void oldTls() throws Exception {
        try (SSLSocket socket = (SSLSocket)
                server.authority.trust().getSocketFactory().createSocket("localhost", server.server.port())) {
            assertThat(socket.getSupportedProtocols()).contains("TLSv1.1");
            socket.setEnabledProtocols(new String[] {"TLSv1.1"});

            assertThatExceptionOfType(SSLHandshakeException.class).isThrownBy(socket::startHandshake);
        }
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void assertShort(HttpResponse<String> answer) {
        assertThat(answer.body()).hasSizeLessThan(100).doesNotContain("javalin", "jetty", "Exception", "at io.");
        assertThat(answer.headers().map()).doesNotContainKey("server");
    }
}
