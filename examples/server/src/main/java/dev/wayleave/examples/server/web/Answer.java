package dev.wayleave.examples.server.web;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The answer to a request. */
public sealed interface Answer {

    /** A whole document, in UTF-8. */
    record Document(int status, String contentType, String text, Map<String, String> headers) implements Answer {}

    /** Messages until one side ends the stream. */
    record Stream(StreamSource source) implements Answer {}

    /** The source of the messages of a stream. */
    @FunctionalInterface
    interface StreamSource {

        /**
         * Begins: called once, when the stream can take messages.
         *
         * @param stream takes messages from now on, from any thread
         * @return what to do when the stream has ended, on either side
         */
        Runnable begin(EventStream stream);
    }

    /** A JSON document. */
    static Answer json(int status, JsonNode document) {
        return new Document(status, "application/json", Json.text(document), Map.of());
    }

    /** A JSON document with status 200. */
    static Answer json(JsonNode document) {
        return json(200, document);
    }

    /** Text in UTF-8 with status 200. */
    static Answer text(String contentType, String text) {
        return new Document(200, contentType, text, Map.of());
    }

    /** Status 204. */
    static Answer nothing() {
        return new Document(204, "", "", Map.of());
    }
}
