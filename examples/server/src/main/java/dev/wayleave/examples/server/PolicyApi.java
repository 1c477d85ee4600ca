package dev.wayleave.examples.server;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.examples.server.HostTables.HostTablesException;
import dev.wayleave.examples.server.HostTables.PolicyRow;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.ApiException.Fault;
import dev.wayleave.examples.server.web.Body;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.ErrorDocuments;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.PolicyProblem;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The policy: as it was written, with everything that is wrong with it. */
final class PolicyApi {

    private final ControlPlane plane;
    private final InstantSource clock;

    PolicyApi(ControlPlane plane, InstantSource clock) {
        this.plane = plane;
        this.clock = clock;
    }

    void addTo(Endpoints endpoints) {
        endpoints.add("GET", TailnetApi.API + "/policy", Scope.READ, request -> Answer.json(document(plane)));
        endpoints.add("PUT", TailnetApi.API + "/policy", Scope.OPERATE, this::put);
        endpoints.add("POST", TailnetApi.API + "/policy/check", Scope.READ, this::check);
    }

    private static String text(Request request) {
        Body body = request.body();
        String text = body.longText("policy");
        body.end();
        return text;
    }

    private Answer put(Request request) {
        List<PolicyProblem> problems = replace(plane, request.actor(), text(request), clock);
        if (!problems.isEmpty()) {
            throw new ApiException(
                    422,
                    "the policy has " + problems.size() + (problems.size() == 1 ? " problem" : " problems"),
                    problems.stream().map(PolicyApi::fault).toList());
        }
        return Answer.json(document(plane));
    }

    /**
     * Replaces the policy, unless something is wrong with it.
     *
     * @return everything that is wrong
     */
    static List<PolicyProblem> replace(ControlPlane plane, Actor actor, String text, InstantSource clock) {
        List<PolicyProblem> problems = problems(text, plane.state().users());
        if (problems.isEmpty()) {
            var unused = plane.submit(actor, new Command.SetPolicy(PolicyReader.read(text)));
            try {
                plane.tables().put(new PolicyRow(text, clock.instant().toString()));
            } catch (HostTablesException e) {
                throw ApiException.unavailable(
                        "the policy is in force, but the time of the change could not be kept: put it again to keep it");
            }
        }
        return problems;
    }

    private static List<PolicyProblem> problems(String text, Users users) {
        try {
            return PolicyReader.read(text).problemsWith(users);
        } catch (PolicyException e) {
            return e.problems();
        }
    }

    private static Fault fault(PolicyNotice notice) {
        return new Fault(
                notice.code().name(),
                notice.message(),
                Optional.of(notice.element()).filter(element -> !element.isEmpty()),
                place(notice.line()),
                place(notice.column()),
                List.of());
    }

    private static ArrayNode notices(ControlPlane plane, RoutingPolicy policy) {
        return ErrorDocuments.faults(
                plane.state().notices(policy).stream().map(PolicyApi::fault).toList());
    }

    private static Fault fault(PolicyProblem problem) {
        return new Fault(
                problem.code().name(),
                problem.message(),
                Optional.of(problem.path()),
                place(problem.line()),
                place(problem.column()),
                List.of());
    }

    private static OptionalInt place(int number) {
        return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** The policy as it was written, and when: the time is not known if another process has replaced it since. */
    static PolicyRow written(ControlPlane plane) {
        RoutingState state = plane.state();
        String text = state.policy().text();
        return plane.tables()
                .policy()
                .filter(row -> row.written().equals(text))
                .orElseGet(() -> new PolicyRow(text, state.now().toString()));
    }

    private static ObjectNode document(ControlPlane plane) {
        PolicyRow written = written(plane);
        ObjectNode document = Json.object();
        document.put("policy", written.written());
        document.put("revision", plane.current().revision().value());
        document.put("updatedAt", written.updatedAt());
        document.set("notices", notices(plane, plane.state().policy()));
        document.set("notRead", Json.texts(plane.state().policy().sectionsNotRead()));
        return document;
    }

    private Answer check(Request request) {
        String text = text(request);
        List<PolicyProblem> problems = problems(text, plane.state().users());
        ObjectNode document = Json.object();
        document.put("ok", problems.isEmpty());
        document.set(
                "problems",
                ErrorDocuments.faults(problems.stream().map(PolicyApi::fault).toList()));
        if (problems.isEmpty()) {
            RoutingPolicy policy = PolicyReader.read(text);
            document.set("notices", notices(plane, policy));
            document.set("notRead", Json.texts(policy.sectionsNotRead()));
        } else {
            document.set("notices", Json.array());
            document.set("notRead", Json.array());
        }
        return Answer.json(document);
    }
}
