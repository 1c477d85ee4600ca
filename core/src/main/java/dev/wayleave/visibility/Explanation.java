package dev.wayleave.visibility;

import dev.wayleave.access.AccessRules;
import dev.wayleave.access.NodeAccess;
import dev.wayleave.access.PrefixAccess;
import dev.wayleave.access.RuleSet;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Optional;

/** Says why one viewer gets a route or does not; it asks the same sets of rules from which views are made. */
final class Explanation {

    private final Visibility visibility;
    private final AccessRules rules;
    private final int place;
    private final NodeAccess viewer;

    Explanation(Visibility visibility, int place) {
        this.visibility = visibility;
        this.rules = visibility.rules();
        this.place = place;
        this.viewer = rules.nodes().get(place);
    }

    RouteAnswer of(NodeId id, Prefix prefix) {
        int peerPlace = rules.place(id);
        if (peerPlace == place) {
            return new Withheld(id, prefix, new Withheld.OwnRoute());
        }
        if (peerPlace < 0 || !rules.nodes().get(peerPlace).routes().effective().contains(prefix)) {
            return new Withheld(id, prefix, new Withheld.NotEffective());
        }
        NodeAccess peer = rules.nodes().get(peerPlace);
        if (prefix.isExitRoute()) {
            return exit(peer, prefix);
        }
        CarrierRow row = visibility
                .row(prefix)
                .orElseThrow(() -> new IllegalStateException("`" + prefix + "` is effective and has no row"));
        return viewer.routes().effective().contains(prefix)
                ? shared(peer, peerPlace, prefix, row)
                : subnet(peer, peerPlace, prefix, row);
    }

    private RouteAnswer exit(NodeAccess peer, Prefix prefix) {
        int steering = viewer.admitting().firstCommon(rules.exitSteering());
        int rule = viewer.admitting().firstCommon(steering < 0 ? peer.exit() : peer.steeredExit());
        if (rule >= 0) {
            return new RouteAnswer.Given(peer.id(), prefix, new RouteAnswer.Admitted(rules.id(rule)));
        }
        return new Withheld(
                peer.id(),
                prefix,
                steering < 0
                        ? new Withheld.NotAdmitted()
                        : new Withheld.SteeredElsewhere(rules.id(steering), Optional.empty()));
    }

    /** The prefix is effective on the viewer too. */
    private RouteAnswer shared(NodeAccess peer, int peerPlace, Prefix prefix, CarrierRow row) {
        if (row.primary < 0) {
            return new Withheld(peer.id(), prefix, new Withheld.Unserved());
        }
        if (row.primary != peerPlace) {
            return notCarrier(peer, prefix, row, row.primary);
        }
        return visibility.sees(place, peerPlace)
                ? new RouteAnswer.Given(peer.id(), prefix, new RouteAnswer.SharedPrefix())
                : new Withheld(peer.id(), prefix, new Withheld.NotAdmitted());
    }

    private RouteAnswer subnet(NodeAccess peer, int peerPlace, Prefix prefix, CarrierRow row) {
        PrefixAccess access = rules.prefixes().get(rules.place(prefix));
        int carrier =
                row.carrierFor(visibility.standings(), visibility.standings().of(place));
        RuleSet opening = rules.opening(access, peer);
        int towards = viewer.admitting().firstCommon(opening);
        int back = access.sourcing().firstCommon(viewer.open());
        if (carrier == peerPlace) {
            RouteAnswer.Why why = towards >= 0
                    ? new RouteAnswer.Admitted(rules.id(towards))
                    : new RouteAnswer.ReturnPath(rules.id(back));
            return new RouteAnswer.Given(peer.id(), prefix, why);
        }
        if (towards < 0) {
            int steering = steeringTo(carrier, access);
            if (steering >= 0) {
                Optional<NodeId> to = carrier < 0
                        ? Optional.empty()
                        : Optional.of(rules.nodes().get(carrier).id());
                return new Withheld(peer.id(), prefix, new Withheld.SteeredElsewhere(rules.id(steering), to));
            }
            if (back < 0 && !viewer.admitting().meets(access.steering())) {
                return new Withheld(peer.id(), prefix, new Withheld.NotAdmitted());
            }
        }
        return carrier < 0
                ? new Withheld(peer.id(), prefix, new Withheld.Unserved())
                : notCarrier(peer, prefix, row, carrier);
    }

    /** The first grant with via that leads the viewer to a carrier, who may carry for another reason; -1 if there is none. */
    private int steeringTo(int carrier, PrefixAccess access) {
        if (carrier < 0) {
            return viewer.admitting().firstCommon(access.steering());
        }
        int[] first = {-1};
        RuleSet opening = rules.opening(access, rules.nodes().get(carrier));
        access.steering().forEach(rule -> {
            if (first[0] < 0 && opening.contains(rule) && viewer.admitting().contains(rule)) {
                first[0] = rule;
            }
        });
        return first[0];
    }

    private Withheld notCarrier(NodeAccess peer, Prefix prefix, CarrierRow row, int carrier) {
        Withheld.Precedence why =
                carrier == row.primary ? Withheld.Precedence.PRIMARY : Withheld.Precedence.FIRST_ADMITTED;
        return new Withheld(
                peer.id(),
                prefix,
                new Withheld.NotCarrier(rules.nodes().get(carrier).id(), why));
    }
}
