package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.Json.Place;
import dev.wayleave.examples.cli.text.JsonText;
import dev.wayleave.examples.cli.text.Misread;
import dev.wayleave.examples.cli.text.Refused.Problem;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.PolicyLimits;
import dev.wayleave.policy.PolicyProblem;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text of a policy, which may be a part of a larger file; its problems have the lines and columns of that file.
 *
 * @param source the file
 * @param start where the policy begins in the file
 * @param text nothing but the policy, so that the rest of the file does not count against its limits
 * @param users who may be meant by the policy's texts
 * @param damage what is wrong with the file around the policy
 */
public record PolicyText(SourceText source, Place start, String text, Users users, List<Problem> damage) {

    /** Nothing but a policy, read with these users in mind. */
    public static PolicyText alone(SourceText source, Users users) {
        return new PolicyText(source, Place.START, source.text(), users, List.of());
    }

    /**
     * What a file holds: a policy as its member {@code policy}, perhaps with users beside it, or else nothing but a
     * policy.
     */
    public static PolicyText in(SourceText source) {
        Optional<JsonText.Span> member = JsonText.objectMember(source.text(), "policy");
        if (member.isEmpty()) {
            return alone(source, Users.none());
        }
        JsonText.Span span = member.get();
        String text = source.text().substring(span.start().offset(), span.end());
        List<Problem> damage = new ArrayList<>();
        Users users = Users.none();
        try {
            users = TailnetFile.users(source, JsonText.read(source.text()));
        } catch (Misread wrong) {
            damage.add(wrong.problem());
        } catch (JsonText.Malformed malformed) {
            // what is malformed inside is reported with the policy
            if (!span.contains(malformed.place())) {
                damage.add(new Misread(source, malformed.place(), malformed.reason()).problem());
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

    /** Reads the policy, with the lines of the file, and refuses it in one line that names all its problems. */
    public RoutingPolicy read() {
        List<String> problems =
                problems().stream().map(problem -> problem.in(source)).toList();
        if (problems.isEmpty()) {
            // so many empty lines before it that its rules have the lines of the file
            return PolicyReader.read("\n".repeat(start.line() - 1) + text, PolicyLimits.NONE);
        }
        String listed = problems.size() == 1 ? "" : " (`wayleave policy check` prints each on a line)";
        throw new BadInput(String.join("; ", problems) + listed);
    }

    /** Everything that is wrong, with its place in the file. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        try {
            PolicyReader.read(text).problemsWith(users).forEach(problem -> problems.add(at(problem)));
        } catch (PolicyException refused) {
            refused.problems().forEach(problem -> problems.add(at(problem)));
        }
        problems.addAll(damage);
        return problems;
    }

    /** What the author of a policy that was read may not expect in a tailnet, with its place in the file. */
    public List<Problem> notices(Surroundings surroundings) {
        return surroundings.notices().apply(PolicyReader.read(text)).stream()
                .map(notice ->
                        inFile(new Problem(notice.code().name(), notice.line(), notice.column(), notice.message())))
                .toList();
    }

    /** The same text, read with other users in mind. */
    public PolicyText with(Users others) {
        return new PolicyText(source, start, text, others, damage);
    }

    private Problem at(PolicyProblem problem) {
        return inFile(new Problem(problem.code().name(), problem.line(), problem.column(), problem.message()));
    }

    /** What has a place in the policy, with its place in the file. */
    public Problem inFile(Problem inPolicy) {
        if (inPolicy.line() == 0) {
            return inPolicy;
        }
        Place place = new Place(0, inPolicy.line(), inPolicy.column()).after(start);
        return new Problem(inPolicy.code(), place.line(), place.column(), inPolicy.message());
    }
}
