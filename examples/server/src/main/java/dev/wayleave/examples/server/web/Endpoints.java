package dev.wayleave.examples.server.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The table of everything that can be asked: path, method and scope. */
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
     * @param path a path; a segment in braces takes any text
     * @param scopes which keys may ask, any of them; empty if no key is needed
     * @param handler what answers
     */
    record Endpoint(String method, String path, Set<Gate.Scope> scopes, Handler handler) {}

    /** Adds an endpoint for keys of one scope, and of those that cover it. */
    public void add(String method, String path, Gate.Scope scope, Handler handler) {
        all.add(new Endpoint(method, path, Set.of(scope), handler));
    }

    /** Adds an endpoint for all keys. */
    public void addForAnyKey(String method, String path, Handler handler) {
        all.add(new Endpoint(method, path, Set.of(Gate.Scope.values()), handler));
    }

    /** Adds an endpoint that needs no key. */
    public void addPublic(String method, String path, Handler handler) {
        all.add(new Endpoint(method, path, Set.of(), handler));
    }

    List<Endpoint> all() {
        return all;
    }
}
