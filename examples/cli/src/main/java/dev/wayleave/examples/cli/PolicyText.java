package dev.wayleave.examples.cli;

import dev.wayleave.policy.PolicyException;
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
 * @param text the policy in its place, and blanks before it
 * @param damage what is wrong with the file around the policy, with its place
 */
record PolicyText(SourceText source, String text, Optional<String> damage) {

    /** What a file holds: a policy as its member {@code policy}, or else nothing but a policy. */
    static PolicyText in(SourceText source) {
        Optional<JsonText.Span> member = JsonText.objectMember(source.text(), "policy");
        if (member.isEmpty()) {
            return new PolicyText(source, source.text(), Optional.empty());
        }
        JsonText.Span span = member.get();
        Optional<String> damage = Optional.empty();
        try {
            JsonText.read(source.text());
        } catch (JsonText.Malformed malformed) {
            // what is malformed inside is reported with the policy
            if (!span.contains(malformed.place())) {
                damage = Optional.of(
                        source.at(malformed.place().line(), malformed.place().column(), malformed.reason()));
            }
        }
        return new PolicyText(source, source.inPlace(span.start(), span.end()), damage);
    }

    static PolicyText of(SourceText source, Json policy) {
        if (policy instanceof Json.ObjectValue object) {
            return new PolicyText(source, source.inPlace(object.place(), object.end()), Optional.empty());
        }
        throw source.refuse(policy.place(), "expected `policy` as an object, not " + policy.kind());
    }

    /** Reads the policy, and refuses it in one line that counts its problems. */
    RoutingPolicy read() {
        try {
            return PolicyReader.read(text);
        } catch (PolicyException refused) {
            int more = refused.problems().size() - 1;
            String rest = more == 0 ? "" : " (and " + more + " more: `wayleave policy check " + source.name() + "`)";
            throw new BadInput(at(refused.problems().get(0)) + rest);
        }
    }

    /** Everything that is wrong, one line each. */
    List<String> problems() {
        List<String> lines = new ArrayList<>();
        try {
            RoutingPolicy ignored = PolicyReader.read(text);
        } catch (PolicyException refused) {
            refused.problems().forEach(problem -> lines.add(at(problem)));
        }
        damage.ifPresent(lines::add);
        return lines;
    }

    private String at(PolicyProblem problem) {
        return source.at(problem.line(), problem.column(), problem.message());
    }
}
