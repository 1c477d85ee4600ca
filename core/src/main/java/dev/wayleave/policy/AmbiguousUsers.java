package dev.wayleave.policy;

import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.JsonValue.Spot;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds the texts of a policy that name more than one user of a tailnet. */
final class AmbiguousUsers {

    private final Users users;
    private final Problems problems = Problems.withoutText();

    /** Places are visited in the order of the canonical text. */
    private int order;

    private AmbiguousUsers(Users users) {
        this.users = users;
    }

    static List<PolicyProblem> in(RoutingPolicy policy, Users users) {
        AmbiguousUsers search = new AmbiguousUsers(users);
        Spot root = Spot.root(0);
        search.acls(policy.acls().orElse(List.of()), root.field("acls", 0));
        Spot approvers = root.field("autoApprovers", 0);
        search.list(policy.autoApprovers().exitNode(), approvers.field("exitNode", 0));
        search.lists(policy.autoApprovers().routes(), approvers.field("routes", 0));
        search.grants(policy.grants().orElse(List.of()), root.field("grants", 0));
        search.lists(policy.groups(), root.field("groups", 0));
        search.lists(policy.tagOwners(), root.field("tagOwners", 0));
        return search.problems.sorted();
    }

    private void acls(List<AclRule> rules, Spot spot) {
        for (int i = 0; i < rules.size() && !problems.isFull(); i++) {
            Spot rule = spot.item(i, 0);
            list(
                    rules.get(i).destinations().stream()
                            .map(AclRule.Destination::selector)
                            .toList(),
                    rule.field("dst", 0));
            list(rules.get(i).sources(), rule.field("src", 0));
        }
    }

    private void grants(List<Grant> rules, Spot spot) {
        for (int i = 0; i < rules.size() && !problems.isFull(); i++) {
            Spot rule = spot.item(i, 0);
            list(rules.get(i).destinations(), rule.field("dst", 0));
            list(rules.get(i).sources(), rule.field("src", 0));
        }
    }

    private void lists(Map<?, ? extends List<? extends Selector>> section, Spot spot) {
        section.forEach((name, selectors) -> list(selectors, spot.field(name.toString(), 0)));
    }

    private void list(List<? extends Selector> selectors, Spot spot) {
        for (int i = 0; i < selectors.size() && !problems.isFull(); i++) {
            if (selectors.get(i) instanceof Selector.UserName name
                    && users.named(name.text()).size() > 1) {
                problems.add(Code.AMBIGUOUS_USER, spot.item(i, order++), message(name.text()));
            }
        }
    }

    private String message(String text) {
        return "user " + Quoted.quoted(text) + " is more than one, and therefore nobody: rename one of "
                + users.named(text).stream()
                        .limit(5)
                        .map(User::toString)
                        .map(Quoted::quoted)
                        .collect(Collectors.joining(", "));
    }
}
