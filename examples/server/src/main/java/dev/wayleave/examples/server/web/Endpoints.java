package dev.wayleave.examples.server.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The table of everything that can be asked. Not safe for use by several threads while it is filled. */
public final class Endpoints {

    private final List<Endpoint> all = new ArrayList<>();

    /** Answers one kind of request; may block. */
    @FunctionalInterface
    public interface Handler {

        /** Returns the answer, or throws {@link ApiException}. */
        Answer answer(Request request);
    }

    /**
     * One kind of request.
     *
     * @param method the method
     * @param pattern path segments; one in braces takes any text
     * @param scopes which keys may ask, any of them; empty if no key is needed
     * @param handler what answers
     */
    record Endpoint(String method, List<String> pattern, Set<Gate.Scope> scopes, Handler handler) {

        Optional<Map<String, String>> match(List<String> path) {
            if (path.size() != pattern.size()) {
                return Optional.empty();
            }
            Map<String, String> found = new LinkedHashMap<>();
            for (int i = 0; i < path.size(); i++) {
                String part = pattern.get(i);
                if (part.startsWith("{")) {
                    found.put(part.substring(1, part.length() - 1), path.get(i));
                } else if (!part.equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(found);
        }
    }

    /** An endpoint, and what stands in the places of its path. */
    record Match(Endpoint endpoint, Map<String, String> path) {}

    /** Adds an endpoint for keys of one scope, and of those that cover it. */
    public void add(String method, String path, Gate.Scope scope, Handler handler) {
        all.add(new Endpoint(method, segments(path), Set.of(scope), handler));
    }

    /** Adds an endpoint for all keys. */
    public void addForAnyKey(String method, String path, Handler handler) {
        all.add(new Endpoint(method, segments(path), Set.of(Gate.Scope.values()), handler));
    }

    /** Adds an endpoint that needs no key. */
    public void addPublic(String method, String path, Handler handler) {
        all.add(new Endpoint(method, segments(path), Set.of(), handler));
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** Finds the endpoint, or says whether the path or only the method is wrong. */
    Match find(String method, List<String> path) {
        Set<String> allowed = new TreeSet<>();
        for (Endpoint endpoint : all) {
            Optional<Map<String, String>> match = endpoint.match(path);
            if (match.isPresent()) {
                if (endpoint.method().equals(method)) {
                    return new Match(endpoint, match.get());
                }
                allowed.add(endpoint.method());
            }
        }
        if (allowed.isEmpty()) {
            throw ApiException.notFound("there is nothing at this path");
        }
        throw new ApiException(405, "this path knows " + String.join(", ", allowed))
                .with("Allow", String.join(", ", allowed));
    }
}
