package dev.wayleave.policy;

import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the texts of a policy that match several users of a tailnet. */
final class AmbiguousUsers implements PolicyVisitor {

    private final Users users;
    private final Problems problems;

    private AmbiguousUsers(Users users, Problems problems) {
        this.users = users;
        this.problems = problems;
    }

    static List<PolicyProblem> in(RoutingPolicy policy, Users users) {
        if (!mayBeAmbiguous(users)) {
            return List.of();
        }
        String text = policy.text();
        Problems problems = Problems.inText(text, PolicyLimits.OF_TAILNET);
        PolicyReader.visit(text, new AmbiguousUsers(users, problems));
        return problems.sorted();
    }

    /** Whether any text can name two users; to ask costs less than to read the policy again. */
    private static boolean mayBeAmbiguous(Users users) {
        Set<String> texts = new HashSet<>();
        for (User user : users.all()) {
            String name = user.name() + "@";
            String email =
                    user.email().map(text -> text.toLowerCase(Locale.ROOT)).orElse(name);
            if (!texts.add(name) || (!email.equals(name) && !texts.add(email))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void selector(Selector selector, JsonValue.Path spot) {
        if (!problems.isFull()
                && selector instanceof Selector.UserName name
                && users.named(name.text()).size() > 1) {
            problems.add(Code.AMBIGUOUS_USER, spot, message(name.text()));
        }
    }

    private String message(String text) {
        return "user " + Quotes.quoted(text) + " matches several users, so the entry is ignored: rename one of "
                + users.named(text).stream()
                        .limit(5)
                        .map(User::toString)
                        .map(Quotes::quoted)
                        .collect(Collectors.joining(", "));
    }
}
