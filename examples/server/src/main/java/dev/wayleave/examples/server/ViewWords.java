package dev.wayleave.examples.server;

import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.Withheld;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says in English why a node is told something or not. It decides nothing. */
final class ViewWords {

    /** How much of a long list is enough to know an entry again. */
    private static final int LISTED = 4;

    private final Words words;
    private final RoutingPolicy policy;

    ViewWords(Words words, RoutingPolicy policy) {
        this.words = words;
        this.policy = policy;
    }

    String of(RouteAnswer answer) {
        if (answer instanceof RouteAnswer.Given given) {
            return of(given.why());
        }
        return answer instanceof Withheld withheld ? of(withheld.reason()) : answer.toString();
    }

    /** The kind of answer, for programs. */
    static String code(RouteAnswer answer) {
        Object kind = answer instanceof RouteAnswer.Given given
                ? given.why()
                : answer instanceof Withheld withheld ? withheld.reason() : answer;
        return kind.getClass().getSimpleName();
    }

    String of(RouteAnswer.Why why) {
        if (why instanceof RouteAnswer.Admitted admitted) {
            return of(admitted.rule()) + " lets it reach the prefix there";
        }
        if (why instanceof RouteAnswer.PublicDestination part) {
            return of(part.rule()) + " is for " + part.destination()
                    + ": a public destination goes to every exit node, also where a subnet route carries it";
        }
        if (why instanceof RouteAnswer.ReturnPath back) {
            return "the way back: " + of(back.rule()) + " lets the prefix reach it";
        }
        return why instanceof RouteAnswer.SharedPrefix
                ? "it has the prefix too, and this is the primary"
                : why.toString();
    }

    String of(Withheld.Reason reason) {
        if (reason instanceof Withheld.NotEffective) {
            return "it is not both advertised and approved there";
        }
        if (reason instanceof Withheld.OwnRoute) {
            return "it is a route of the viewer itself";
        }
        if (reason instanceof Withheld.NotAdmitted) {
            return "no rule lets the viewer reach it there";
        }
        if (reason instanceof Withheld.SteeredElsewhere steered) {
            String to = steered.carrier()
                    .map(carrier -> ": " + words.name(carrier) + " carries it")
                    .orElse("");
            return of(steered.rule()) + " leads the viewer elsewhere" + to;
        }
        if (reason instanceof Withheld.SteeredNowhere steered) {
            return of(steered.rule()) + " leads the viewer through nodes with "
                    + steered.via().stream().map(Object::toString).collect(Collectors.joining(" or "))
                    + " only, and no such node has it";
        }
        if (reason instanceof Withheld.SteeringLifted lifted) {
            return of(lifted.via()) + " leads the viewer here, but " + of(lifted.plain())
                    + " lets it reach the prefix without `via`, so that the primary carries it: "
                    + words.name(lifted.carrier());
        }
        if (reason instanceof Withheld.NotCarrier not) {
            return words.name(not.carrier())
                    + (not.why() == Withheld.Precedence.PRIMARY
                            ? " carries it: it is the primary"
                            : " carries it: rules lead the viewer there and not to the primary");
        }
        return reason instanceof Withheld.Unserved
                ? "nobody who may carry it for the viewer can do so now"
                : reason.toString();
    }

    String of(ViewChange.Loss loss) {
        if (loss instanceof ViewChange.Removed) {
            return "the node is removed";
        }
        return loss instanceof ViewChange.NoRule gone
                ? "no rule connects them any more (" + Words.word(gone.ended()) + ")"
                : loss.toString();
    }

    /** For example {@code grants[0] (group:staff → intranet)}. */
    String of(RuleId rule) {
        List<Grant> grants = policy.grants().orElse(List.of());
        List<AclRule> acls = policy.acls().orElse(List.of());
        return switch (rule.section()) {
            case GRANTS -> rule + (rule.index() < grants.size() ? " (" + summary(grants.get(rule.index())) + ")" : "");
            case ACLS -> rule + (rule.index() < acls.size() ? " (" + summary(acls.get(rule.index())) + ")" : "");
            case DEFAULT -> "the policy has no rules, so that everything is open";
        };
    }

    private static String summary(Grant grant) {
        String via = grant.via().isEmpty() ? "" : " via " + texts(grant.via(), Object::toString);
        return texts(grant.sources(), Selector::text) + " → " + texts(grant.destinations(), Selector::text) + via;
    }

    private static String summary(AclRule rule) {
        return texts(rule.sources(), Selector::text)
                + " → "
                + texts(rule.destinations(), to -> to.selector().text() + ":" + texts(to.ports(), Object::toString));
    }

    /** A rule of a packet filter. */
    static String of(PacketFilter.Rule rule) {
        String from = "from " + texts(rule.sources(), Object::toString) + " to ";
        if (rule instanceof PacketFilter.TrafficRule traffic) {
            return from
                    + texts(
                            traffic.destinations().entrySet(),
                            to -> to.getKey() + ":" + texts(to.getValue(), Object::toString))
                    + ", " + traffic.protocol().map(Object::toString).orElse("tcp, udp, icmp");
        }
        return rule instanceof PacketFilter.CapabilityRule capability
                ? from + texts(capability.destinations(), Object::toString) + ": no traffic, but "
                        + texts(capability.capabilities().keySet(), Object::toString)
                : rule.toString();
    }

    private static <T> String texts(Collection<T> values, Function<T, String> text) {
        String listed = values.stream().limit(LISTED).map(text).collect(Collectors.joining(", "));
        return values.size() > LISTED ? listed + " and " + (values.size() - LISTED) + " more" : listed;
    }
}
