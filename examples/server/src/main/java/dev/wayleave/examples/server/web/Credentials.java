package dev.wayleave.examples.server.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Keys in headers. */
final class Credentials {

    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private Credentials() {}

    /**
     * Returns the key of a request: {@code Bearer KEY}, or under {@code /api/v2/} the name in {@code Basic}, without a
     * password, as the clients of Tailscale's API send it.
     *
     * <p>A browser sends {@code Basic} on its own once it knows a name, also for a page from elsewhere. Such a request
     * has an {@code Origin}, and its name is not a key; what has none changes nothing.
     */
    static Optional<String> key(Request request) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header == null) {
            return Optional.empty();
        }
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(header.substring(BEARER.length()).strip());
        }
        boolean isForPrograms = Request.getPathInContext(request).startsWith("/api/v2/")
                && !request.getHeaders().contains(HttpHeader.ORIGIN);
        return isForPrograms && header.regionMatches(true, 0, BASIC, 0, BASIC.length())
                ? name(header.substring(BASIC.length()).strip())
                : Optional.empty();
    }

    private static Optional<String> name(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
            return pair.endsWith(":") ? Optional.of(pair.substring(0, pair.length() - 1)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
