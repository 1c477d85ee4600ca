package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Documents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * An API of another control plane, which is only read. Each answer is bounded in time and size. The key is in the
 * header of requests to this address, and in nothing that is printed; redirections are not followed.
 */
final class RemoteApi {

    private static final int MOST_PAGES = 10_000;
    private static final int LONGEST_MESSAGE = 300;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;

    /** There is nothing at a path of the API. */
    static final class NotFound extends BadInput {

        private static final long serialVersionUID = 1L;

        NotFound(String message) {
            super(message);
        }
    }

    /** Members by which APIs mark an answer as one page of several. */
    private static final List<String> PAGE_TOKENS =
            List.of("nextPageToken", "next_page_token", "nextCursor", "next_cursor", "nextPage", "cursor");

    private static final Pattern NEXT_PAGE = Pattern.compile("<([^>]*)>\\s*;[^,]*\\brel=\"?next\"?");

    private final URI root;
    private final String kind;
    private final String key;
    private final String authorization;
    private final Limits limits;
    private final HttpClient http;

    /**
     * The limits of what an API may ask of this tool.
     *
     * @param answer how long one answer may take, from the connection to its last byte
     * @param pages how long all pages of a list may take
     * @param bytes how many bytes an answer, or all pages of a list, may have
     */
    record Limits(Duration answer, Duration pages, int bytes) {

        private static final int PAGES = 10;

        /** An answer of 100,000 nodes has about 100 MB. */
        private static final int LARGEST = 512 << 20;

        static Limits of(Duration answer) {
            return new Limits(answer, answer.multipliedBy(PAGES), LARGEST);
        }
    }

    /**
     * Prepares for questions, and asks none.
     *
     * @param url where the API is
     * @param kind what is there, for messages
     * @param key what no message may have in it
     * @param authorization the header that carries the key
     */
    RemoteApi(String url, String kind, String key, String authorization, Limits limits) {
        this.root = ControlPlane.root(url);
        if (root.getUserInfo() != null || root.getQuery() != null) {
            throw new BadInput("the address of " + kind + " has no user, password or query in it");
        }
        this.kind = kind;
        this.key = key;
        this.authorization = authorization;
        this.limits = limits;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.answer())
                .build();
    }

    /** The name of the host that it asks. */
    String host() {
        return root.getHost();
    }

    /** The address that it asks, for messages. */
    String address() {
        return root.toString();
    }

    /** The elements of a list, of all its pages. */
    <T> List<T> list(String path, String member, Class<T> type) {
        List<T> all = new ArrayList<>();
        URI page = root.resolve(path);
        long end = System.nanoTime() + limits.pages().toNanos();
        int left = limits.bytes();
        for (int pages = 1; page != null; pages++) {
            if (pages > MOST_PAGES) {
                throw new BadInput(about(path) + "has more than " + MOST_PAGES + " pages");
            }
            if (System.nanoTime() - end > 0) {
                throw new BadInput(about(path) + "has pages that did not all come within "
                        + limits.pages().toSeconds() + " s: give it longer by --timeout");
            }
            Answer answer = ok(path, ask(path, request(page).GET().build(), left));
            left -= answer.size();
            JsonNode document = tree(path, answer);
            JsonNode list = document.get(member);
            if (list == null || !list.isArray()) {
                throw new BadInput(about(path) + "is not what " + kind + " answers: it has no list `" + member + "`");
            }
            for (JsonNode element : list) {
                all.add(read(path, member + "[" + all.size() + "]", element, type));
            }
            page = answer.next().map(page::resolve).orElse(null);
            refusePage(path, document, page);
        }
        return all;
    }

    private void refusePage(String path, JsonNode document, @Nullable URI next) {
        for (String token : PAGE_TOKENS) {
            JsonNode value = document.get(token);
            if (next == null
                    && value != null
                    && !value.isNull()
                    && !value.asString("").isEmpty()) {
                throw new BadInput(about(path) + "is one page of several (`" + token
                        + "`), which this tool cannot read: it would show a part of the tailnet as if it were all");
            }
        }
        if (next != null && !(next.getScheme() + next.getAuthority()).equals(root.getScheme() + root.getAuthority())) {
            throw new BadInput(about(path) + "goes on at another address, which is not given the key");
        }
    }

    /** The document of an answer at a path. */
    <T> T read(String path, Answer answer, Class<T> type) {
        return read(path, "", tree(path, ok(path, answer)), type);
    }

    /** The status and text at a path, which may be a refusal, but none of the key. */
    Answer text(String path, String mediaType) {
        return known(
                path,
                ask(
                        path,
                        request(root.resolve(path))
                                .header("Accept", mediaType)
                                .GET()
                                .build(),
                        limits.bytes()));
    }

    /** The answer to a form; for a token only. */
    <T> T form(String path, String fields, Class<T> type) {
        HttpRequest request = HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(fields))
                .build();
        return read(path, "", tree(path, ok(path, ask(path, request, limits.bytes()))), type);
    }

    private HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).header("Authorization", authorization);
    }

    /**
     * An answer.
     *
     * @param size how many bytes the body has
     * @param nextOrNull the link to the next page; null if there is none
     * @param retryAfterOrNull when to come again, from the header of the server; null if it does not say
     */
    record Answer(
            int status,
            String body,
            int size,
            @Nullable URI nextOrNull,
            @Nullable String retryAfterOrNull) {

        Optional<URI> next() {
            return Optional.ofNullable(nextOrNull);
        }

        Optional<String> retryAfter() {
            return Optional.ofNullable(retryAfterOrNull);
        }
    }

    private Answer ask(String path, HttpRequest request, int most) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(
                request,
                BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> append(path, body, bytes, most))));
        try {
            HttpResponse<Void> response = answer.get(limits.answer().toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(
                    response.statusCode(),
                    body.toString(StandardCharsets.UTF_8),
                    body.size(),
                    response.headers().allValues("Link").stream()
                            .map(NEXT_PAGE::matcher)
                            .filter(Matcher::find)
                            .map(link -> link(path, link.group(1)))
                            .findFirst()
                            .orElse(null),
                    response.headers().firstValue("Retry-After").orElse(null));
        } catch (TimeoutException late) {
            var unused = answer.cancel(true);
            throw new BadInput(about(path) + "did not come within "
                    + limits.answer().toSeconds() + " s: give it longer by --timeout");
        } catch (ExecutionException failed) {
            throw failed(path, failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted while waiting for " + kind);
        }
    }

    private void append(String path, ByteArrayOutputStream body, byte[] bytes, int most) {
        if (body.size() + (long) bytes.length > most) {
            throw new BadInput(about(path) + "has more than " + (limits.bytes() >> 20) + " MiB");
        }
        body.writeBytes(bytes);
    }

    private URI link(String path, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new BadInput(about(path) + "has a link to the next page that is not an address");
        }
    }

    private RuntimeException failed(String path, @Nullable Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof BadInput refused) {
                return refused;
            }
        }
        if (!(cause instanceof IOException)) {
            return new IllegalStateException("asking " + root + path, cause);
        }
        String reason = cause.getMessage() == null ? "" : ": " + hidden(cause.getMessage());
        boolean unreached = cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof SSLException;
        return new BadInput(
                unreached
                        ? "`" + root + "` cannot be reached" + (reason.isEmpty() ? ": nothing answers there" : reason)
                                + "; is it running?"
                        : about(path) + "broke off before its end" + reason + "; ask again");
    }

    private String about(String path) {
        return "the answer of `" + root + path.replaceFirst("\\?.*", "") + "` ";
    }

    /** A refusal in which the server repeats the key must not show it. */
    private String hidden(String text) {
        String cut = text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) + "…" : text;
        return cut.replace(key, "…").replace(authorization, "…");
    }

    private Answer known(String path, Answer answer) {
        if (answer.status() == UNAUTHORIZED) {
            throw new BadInput("`" + root + "` does not know this key, or it is expired");
        }
        if (answer.status() == FORBIDDEN) {
            throw new BadInput(
                    "the key may not read `" + path.replaceFirst("\\?.*", "") + "` of `" + root + "`" + said(answer));
        }
        if (answer.status() == TOO_MANY) {
            throw new BadInput("`" + root + "` is asked too often"
                    + answer.retryAfter()
                            .map(after -> ": ask again in " + hidden(after) + " s")
                            .orElse(""));
        }
        return answer;
    }

    private Answer ok(String path, Answer answer) {
        int status = known(path, answer).status();
        if (status / 100 == 3) {
            throw new BadInput(about(path) + "leads elsewhere (" + status + "): name the address that it leads to");
        }
        if (status / 100 != 2) {
            String message = about(path) + "is an error, " + status + said(answer);
            throw status == NOT_FOUND ? new NotFound(message) : new BadInput(message);
        }
        return answer;
    }

    /** The server's words about a refusal, from the members that these APIs use; empty for any other answer. */
    String said(Answer answer) {
        if (answer.status() / 100 == 2) {
            return "";
        }
        StringBuilder said = new StringBuilder();
        try {
            JsonNode document = Documents.MAPPER.readTree(answer.body());
            List<JsonNode> places = new ArrayList<>(List.of(document));
            document.path("errors").forEach(places::add);
            for (JsonNode place : places) {
                Stream.of("detail", "message", "error")
                        .map(place::path)
                        .filter(JsonNode::isString)
                        .findFirst()
                        .ifPresent(text -> said.append(": ").append(hidden(text.stringValue())));
            }
        } catch (JacksonException otherDocument) {
            // the status has to do
        }
        return said.toString();
    }

    private JsonNode tree(String path, Answer answer) {
        try {
            return Documents.MAPPER.readTree(answer.body());
        } catch (JacksonException malformed) {
            throw new BadInput(about(path) + "cannot be read: "
                    + hidden(String.valueOf(Documents.problem(malformed).message())));
        }
    }

    private <T> T read(String path, String place, JsonNode tree, Class<T> type) {
        try {
            return Documents.MAPPER.treeToValue(tree, type);
        } catch (JacksonException otherDocument) {
            throw new BadInput(about(path) + "is not what " + kind + " answers: "
                    + (place.isEmpty() ? "" : place + ": ")
                    + hidden(String.valueOf(Documents.problem(otherDocument).message())));
        }
    }
}
