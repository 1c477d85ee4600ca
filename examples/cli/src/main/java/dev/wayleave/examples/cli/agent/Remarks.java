package dev.wayleave.examples.cli.agent;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Prints what a server remarks on requests of one node: each remark once, also where the node connects anew. */
final class Remarks {

    private final Consumer<String> printer;
    private final Set<String> printed = new HashSet<>();

    Remarks(Consumer<String> printer) {
        this.printer = printer;
    }

    /** {@return the answer, whose remarks are printed now} */
    JsonNode print(JsonNode answer) {
        for (JsonNode remark : answer.path("remarks").values()) {
            String message = remark.path("message").asString("");
            String words = "warning: " + message + " [" + remark.path("code").asString("") + "]";
            if (printed.add(words)) {
                printer.accept(words);
            }
        }
        return answer;
    }
}
