package dev.wayleave.examples.server.api;

import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.HostTables.PolicyRow;
import dev.wayleave.examples.server.plane.WrittenPolicy;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.ApiException.Fault;
import dev.wayleave.examples.server.web.Body;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.ErrorDocuments;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.PolicyProblem;
import dev.wayleave.policy.RoutingPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The policy: as it was written, with everything that is wrong with it. */
public final class PolicyApi {

    private final ControlPlane plane;
    private final WrittenPolicy policy;

    public PolicyApi(ControlPlane plane, WrittenPolicy policy) {
        this.plane = plane;
        this.policy = policy;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.add("GET", TailnetApi.API + "/policy", Scope.READ, request -> Answer.json(document()));
        endpoints.add("PUT", TailnetApi.API + "/policy", Scope.OPERATE, this::put);
        endpoints.add("POST", TailnetApi.API + "/policy/check", Scope.READ, this::check);
    }

    static String text(Request request) {
        Body body = request.body();
        String text = body.longText("policy");
        body.end();
        return text;
    }

    private Answer put(Request request) {
        List<PolicyProblem> problems = policy.replace(request.actor(), text(request));
        refuse(problems);
        return Answer.json(document());
    }

    static void refuse(List<PolicyProblem> problems) {
        if (!problems.isEmpty()) {
            throw new ApiException(
                    422,
                    "the policy has " + problems.size() + (problems.size() == 1 ? " problem" : " problems"),
                    problems.stream().map(PolicyApi::fault).toList());
        }
    }

    private static Fault fault(PolicyNotice notice) {
        return new Fault(
                notice.code().name(),
                notice.message(),
                notice.element().isEmpty() ? null : notice.element(),
                place(notice.line()),
                place(notice.column()),
                List.of());
    }

    private ArrayNode notices(RoutingPolicy read) {
        return ErrorDocuments.faults(
                plane.state().notices(read).stream().map(PolicyApi::fault).toList());
    }

    private static Fault fault(PolicyProblem problem) {
        return new Fault(
                problem.code().name(),
                problem.message(),
                problem.path(),
                place(problem.line()),
                place(problem.column()),
                List.of());
    }

    private static @Nullable Integer place(int number) {
        return number > 0 ? number : null;
    }

    private ObjectNode document() {
        PolicyRow written = policy.written();
        ObjectNode document = Json.object();
        document.put("policy", written.written());
        document.put("revision", plane.current().revision().value());
        Json.put(document, "updatedAt", Instant.parse(written.updatedAt()));
        document.set("notices", notices(plane.state().policy()));
        document.set("notRead", Json.texts(plane.state().policy().sectionsNotRead()));
        return document;
    }

    private Answer check(Request request) {
        WrittenPolicy.ReadResult reading = policy.read(text(request));
        ObjectNode document = Json.object();
        document.put("ok", reading.isAccepted());
        document.set(
                "problems",
                ErrorDocuments.faults(
                        reading.problems().stream().map(PolicyApi::fault).toList()));
        Optional<RoutingPolicy> accepted = reading.policy().filter(read -> reading.isAccepted());
        document.set("notices", accepted.map(this::notices).orElseGet(Json::array));
        document.set(
                "notRead",
                accepted.map(read -> Json.texts(read.sectionsNotRead())).orElseGet(Json::array));
        return Answer.json(document);
    }
}
