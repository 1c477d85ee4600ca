package dev.wayleave.examples.server.api;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.mesh.Names;
import dev.wayleave.storage.Receipt;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The library's remarks on a command that was accepted although its caller probably did not intend it. */
final class Remarks {

    private Remarks() {}

    static ArrayNode of(Receipt receipt, Names names) {
        return receipt.result() instanceof SubmissionResult.Accepted accepted
                ? Json.array(accepted.remarks(), remark -> remark(remark, names))
                : Json.array();
    }

    private static ObjectNode remark(SubmissionResult.Remark remark, Names names) {
        ObjectNode document = Json.object();
        document.put(
                "code",
                remark instanceof SubmissionResult.NodeRemark node
                        ? node.finding().kind()
                        : remark.kind());
        document.put("message", remark.text(names));
        return document;
    }
}
