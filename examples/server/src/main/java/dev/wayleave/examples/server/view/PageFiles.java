package dev.wayleave.examples.server.view;

import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Endpoints;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** The page: its files, and the headers that keep it from doing anything else. */
public final class PageFiles {

    /** Nothing from elsewhere, nothing inline, in no frame. */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", CONTENT_SECURITY_POLICY,
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}\\.(html|css|js|svg)");

    public void addTo(Endpoints endpoints) {
        endpoints.addPublic("GET", "/", request -> file("index.html"));
        endpoints.addPublic("GET", "/page/{name}", request -> file(request.path("name")));
    }

    private static Answer file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw ApiException.notFound("the page has no such file");
        }
        try (InputStream file = PageFiles.class.getResourceAsStream("/dev/wayleave/examples/server/page/" + name)) {
            if (file == null) {
                throw ApiException.notFound("the page has no such file");
            }
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            String type = TYPES.getOrDefault(name.substring(name.indexOf('.') + 1), "");
            return new Answer.Document(200, type, text, HEADERS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
