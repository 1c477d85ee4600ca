package dev.wayleave.examples.server.web;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Errors as the clients of each API read them. */
public final class ErrorDocuments {

    private ErrorDocuments() {}

    static Answer.Document of(String path, ApiException error) {
        if (path.startsWith("/api/v2/")) {
            return document("application/json", error, tailscale(error));
        }
        return document("application/problem+json", error, path.startsWith("/api/v1/") ? headscale(error) : own(error));
    }

    private static Answer.Document document(String contentType, ApiException error, ObjectNode document) {
        return new Answer.Document(error.status(), contentType, Json.text(document), Map.of());
    }

    private static ObjectNode own(ApiException error) {
        ObjectNode document = Json.object();
        document.put("title", error.title());
        document.put("status", error.status());
        document.put("detail", error.detail());
        document.set("problems", faults(error.faults()));
        return document;
    }

    /** Faults as the own API has them under `problems`. */
    public static ArrayNode faults(List<ApiException.Fault> faults) {
        return Json.array(faults, fault -> {
            ObjectNode problem = Json.object();
            problem.put("code", fault.code());
            problem.put("message", fault.message());
            problem.put("path", fault.pathOrNull());
            problem.put("line", fault.lineOrNull());
            problem.put("column", fault.columnOrNull());
            problem.set("prefixes", Json.texts(fault.prefixes()));
            return problem;
        });
    }

    /** RFC 7807 with a list of messages, as Headscale's framework writes it. */
    private static ObjectNode headscale(ApiException error) {
        ObjectNode document = Json.object();
        document.put("title", error.title());
        document.put("status", error.status());
        document.put("detail", error.status() == 401 ? error.title() : error.detail());
        if (!error.faults().isEmpty()) {
            document.set("errors", Json.array(error.faults(), fault -> {
                ObjectNode item = Json.object();
                item.put("message", fault.message());
                fault.path().ifPresent(at -> item.put("location", "body." + at));
                return item;
            }));
        }
        return document;
    }

    /** An error as Tailscale's API has it. */
    public static ObjectNode tailscale(ApiException error) {
        ObjectNode document = Json.object();
        document.put("message", error.detail());
        document.put("status", error.status());
        if (!error.faults().isEmpty()) {
            ObjectNode data = Json.object();
            data.set(
                    "errors",
                    Json.texts(error.faults().stream()
                            .map(ApiException.Fault::message)
                            .toList()));
            document.set("data", Json.array().add(data));
        }
        return document;
    }
}
