package dev.wayleave.examples.cli;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says in English why a viewer gets a route or does not, as the end of a sentence. */
final class ViewReasons {

    private final Function<NodeId, String> names;
    private final RuleNames rules;
    private final String viewer;

    /** With the way to call a node, the policy's entries, and the viewer's own name. */
    ViewReasons(Function<NodeId, String> names, RuleNames rules, String viewer) {
        this.names = names;
        this.rules = rules;
        this.viewer = viewer;
    }

    String of(RouteAnswer answer) {
        if (answer instanceof RouteAnswer.Given given) {
            return of(given.why(), names.apply(given.peer()));
        }
        return answer instanceof Withheld withheld ? of(withheld.reason()) : answer.toString();
    }

    private String of(RouteAnswer.Why why, String peer) {
        if (why instanceof RouteAnswer.Admitted admitted) {
            return rules.of(admitted.rule());
        }
        if (why instanceof RouteAnswer.PublicDestination part) {
            return rules.of(part.rule()) + " is for " + part.destination()
                    + ": a public destination goes to every exit node, also where a subnet route carries it";
        }
        if (why instanceof RouteAnswer.ReturnPath back) {
            return "the way back: " + rules.of(back.rule()) + " lets it reach " + viewer + " or what is behind it";
        }
        if (why instanceof RouteAnswer.SharedPrefix) {
            return viewer + " has the prefix too, and " + peer + " is its primary";
        }
        return why.toString();
    }

    private String of(Withheld.Reason reason) {
        if (reason instanceof Withheld.NotEffective) {
            return "it is not both advertised and approved there";
        }
        if (reason instanceof Withheld.OwnRoute) {
            return "it is a route of " + viewer + " itself";
        }
        if (reason instanceof Withheld.NotAdmitted) {
            return "no rule lets " + viewer + " reach it there";
        }
        if (reason instanceof Withheld.SteeredElsewhere steered) {
            String to = steered.carrier()
                    .map(carrier -> ": " + names.apply(carrier) + " carries it")
                    .orElse("");
            return rules.of(steered.rule()) + " leads " + viewer + " elsewhere" + to;
        }
        if (reason instanceof Withheld.SteeredNowhere steered) {
            return rules.of(steered.rule()) + " leads " + viewer + " through nodes with "
                    + steered.via().stream().map(Object::toString).collect(Collectors.joining(" or "))
                    + " only, and no such node has it";
        }
        if (reason instanceof Withheld.SteeringLifted lifted) {
            return rules.of(lifted.via()) + " leads " + viewer + " here, but " + rules.of(lifted.plain())
                    + " lets it reach the prefix without `via`, so that the primary carries it: "
                    + names.apply(lifted.carrier());
        }
        if (reason instanceof Withheld.NotCarrier not) {
            String carrier = names.apply(not.carrier());
            return carrier
                    + (not.why() == Withheld.Precedence.PRIMARY
                            ? " carries it: it is the primary"
                            : " carries it: rules lead " + viewer + " there and not to the primary");
        }
        if (reason instanceof Withheld.Unserved) {
            return "nobody who may carry it for " + viewer + " can do so now";
        }
        return reason.toString();
    }
}
