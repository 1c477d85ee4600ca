package dev.wayleave.examples.cli.source;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Documents;
import dev.wayleave.examples.cli.text.Problem;
import dev.wayleave.examples.cli.text.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The server that a command speaks to, with the key that it shows there. */
public final class ControlPlane {

    public static final String OWN = "api/wayleave/v1/";
    public static final String HEADSCALE = "api/v1/";

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int UNAUTHORIZED = 401;

    private final URI root;
    private final String key;
    private final HttpClient http;

    private ControlPlane(URI root, String key, HttpClient http) {
        this.root = root;
        this.key = key;
        this.http = http;
    }

    public static ControlPlane at(String url, String key) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        return new ControlPlane(root(url), key, http);
    }

    /** The same server, asked with another key. */
    public ControlPlane with(String otherKey) {
        return new ControlPlane(root, otherKey, http);
    }

    static URI root(String url) {
        try {
            // the part behind # is for the page
            URI given = URI.create(url.replaceFirst("#.*", ""));
            if (given.getHost() != null && ("http".equals(given.getScheme()) || "https".equals(given.getScheme()))) {
                return given.getPath().endsWith("/") ? given : URI.create(given + "/");
            }
        } catch (IllegalArgumentException malformed) {
            // refused below
        }
        throw new BadInput("`" + url + "` is not an address of a server: write it as http://127.0.0.1:8080");
    }

    /** A part of a path or a query, with what would end it escaped. */
    public static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The server's answer to a question, read as a record. */
    public <T> T get(String path, Class<T> type) {
        JsonNode answer = send(request(path).GET().timeout(PATIENCE).build());
        try {
            return Documents.MAPPER.treeToValue(answer, type);
        } catch (JacksonException otherDocument) {
            throw new BadInput("`" + root + "` is not a control plane of this kind: "
                    + Documents.problem(otherDocument).message());
        }
    }

    @CanIgnoreReturnValue
    public JsonNode send(String method, String path, Object body) {
        return send(request(path, method, body));
    }

    /** A request with a document. */
    public HttpRequest request(String path, String method, Object body) {
        return request(path)
                .method(method, BodyPublishers.ofString(Documents.MAPPER.writeValueAsString(body)))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .build();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(root.resolve(path)).header("Authorization", "Bearer " + key);
    }

    public HttpClient http() {
        return http;
    }

    private JsonNode send(HttpRequest request) {
        try {
            return answer(http.send(request, BodyHandlers.ofString()));
        } catch (IOException failed) {
            throw unreachable(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted while waiting for the server");
        }
    }

    /**
     * The lines of an event stream, until it ends; one that breaks ends with an {@link java.io.UncheckedIOException}.
     */
    public Stream<String> stream(String path) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = http.send(request(path).GET().build(), BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            try (Stream<String> lines = response.body()) {
                throw refused(response.statusCode(), lines.collect(Collectors.joining("\n")));
            }
        }
        return response.body();
    }

    public BadInput unreachable(IOException failed) {
        String reason = failed.getMessage() == null ? "nothing answers there" : failed.getMessage();
        return new BadInput("the server at `" + root + "` cannot be reached: " + reason + "; is it running?");
    }

    /** The content of an answer; nothing where it is empty. */
    public JsonNode answer(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), response.body());
        }
        try {
            return Documents.MAPPER.readTree(response.body());
        } catch (JacksonException malformed) {
            throw new BadInput("`" + root + "` is not a control plane of this kind: its answer is not JSON");
        }
    }

    /**
     * The body of the answer to a refused request.
     *
     * @param detail all of it in a sentence
     * @param problems each reason by itself
     * @param errors the same in the documents of Headscale's API
     */
    private record Refusal(
            @Nullable String detail,
            @Nullable List<Problem> problems,
            @Nullable List<Problem> errors) {}

    private static RefusedException refused(int status, String body) {
        Refusal refusal = new Refusal(null, null, null);
        try {
            refusal = Documents.MAPPER.readValue(body, Refusal.class);
        } catch (JacksonException otherDocument) {
            // the status has to do
        }
        String detail =
                refusal == null || refusal.detail() == null ? "the server answered " + status : refusal.detail();
        if (status == UNAUTHORIZED) {
            detail = "the server does not know this key: give another by --key, or in WAYLEAVE_KEY";
        }
        List<Problem> problems = refusal == null
                ? List.of()
                : Stream.of(refusal.problems(), refusal.errors())
                        .filter(Objects::nonNull)
                        .flatMap(List::stream)
                        .toList();
        String said = detail;
        String reasons = problems.stream()
                // a server may repeat a problem in the detail
                .filter(problem -> !said.endsWith(problem.message()))
                .map(problem -> (problem.line() == null ? "" : problem.line() + ":" + problem.column() + ": ")
                        + problem.message())
                .collect(Collectors.joining("; "));
        return new RefusedException(status, reasons.isEmpty() ? detail : detail + ": " + reasons, problems);
    }
}
