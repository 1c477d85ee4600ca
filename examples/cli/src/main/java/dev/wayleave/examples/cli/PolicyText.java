package dev.wayleave.examples.cli;

import dev.wayleave.examples.cli.Json.Place;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.PolicyProblem;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The text of a policy, which may be a part of a larger file; its problems have the lines and columns of that file.
 *
 * @param source the file
 * @param start where the policy begins in the file
 * @param text nothing but the policy, so that the rest of the file does not count against its limits
 * @param users who may be meant by the policy's texts
 * @param damage what is wrong with the file around the policy, with its place
 */
record PolicyText(SourceText source, Place start, String text, Users users, List<String> damage) {

    /** What a file holds: a policy as its member {@code policy}, perhaps with users beside it, or else nothing but a policy. */
    static PolicyText in(SourceText source) {
        Optional<JsonText.Span> member = JsonText.objectMember(source.text(), "policy");
        if (member.isEmpty()) {
            return new PolicyText(source, Place.START, source.text(), Users.none(), List.of());
        }
        JsonText.Span span = member.get();
        String text = source.text().substring(span.start().offset(), span.end());
        List<String> damage = new ArrayList<>();
        Users users = Users.none();
        try {
            users = TailnetFile.users(source, JsonText.read(source.text()));
        } catch (BadInput wrong) {
            damage.add(String.valueOf(wrong.getMessage()));
        } catch (JsonText.Malformed malformed) {
            // what is malformed inside is reported with the policy
            if (!span.contains(malformed.place())) {
                damage.add(source.at(malformed.place(), malformed.reason()));
            }
        }
        return new PolicyText(source, span.start(), text, users, damage);
    }

    static PolicyText of(SourceText source, Json policy, Users users) {
        if (policy instanceof Json.ObjectValue object) {
            String text = source.text().substring(object.place().offset(), object.end());
            return new PolicyText(source, object.place(), text, users, List.of());
        }
        throw source.refuse(policy.place(), "expected `policy` as an object, not " + policy.kind());
    }

    /** Reads the policy, and refuses it in one line that names all its problems. */
    RoutingPolicy read() {
        List<String> problems = problems();
        if (problems.isEmpty()) {
            return PolicyReader.read(text);
        }
        String listed = problems.size() == 1 ? "" : " (`wayleave policy check` prints each on a line)";
        throw new BadInput(String.join("; ", problems) + listed);
    }

    /** Everything that is wrong, one line each. */
    List<String> problems() {
        List<String> lines = new ArrayList<>();
        try {
            List<PolicyProblem> ambiguous = PolicyReader.read(text).problemsWith(users);
            if (!ambiguous.isEmpty()) {
                Map<String, Place> places = PolicyPaths.in(text);
                ambiguous.forEach(problem -> lines.add(atPath(problem, places)));
            }
        } catch (PolicyException refused) {
            refused.problems().forEach(problem -> lines.add(at(problem)));
        }
        lines.addAll(damage);
        return lines;
    }

    private String at(PolicyProblem problem) {
        return source.at(new Place(0, problem.line(), problem.column()).after(start), problem.message());
    }

    /** What is found in a policy that has been read has a path, but no longer a line. */
    private String atPath(PolicyProblem problem, Map<String, Place> places) {
        Place place = places.get(problem.path());
        return place == null
                ? Printable.line(source.name() + ": " + problem)
                : source.at(place.after(start), problem.message());
    }
}
