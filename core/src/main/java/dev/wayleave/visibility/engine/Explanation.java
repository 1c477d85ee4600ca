package dev.wayleave.visibility.engine;

import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.access.engine.RuleSet;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
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
        int viaRule = viewer.sourceRules().firstCommon(rules.exitViaRules());
        RuleSet showing = viewer.sourceRules().intersection(viaRule < 0 ? peer.exit() : peer.steeredExitRules());
        if (!showing.isEmpty()) {
            return new RouteAnswer.Given(peer.id(), prefix, exitReason(showing, peer, prefix, viaRule >= 0));
        }
        return new Withheld(
                peer.id(), prefix, viaRule < 0 ? new Withheld.NotAdmitted() : steered(viaRule, exitNodes()));
    }

    /**
     * The first rule for the internet of the route's family, or for a part of it; else the first for the other family.
     */
    private RouteAnswer.GivenReason exitReason(RuleSet showing, NodeAccess exitNode, Prefix prefix, boolean steered) {
        int[] first = {-1, -1};
        showing.forEach(rule -> {
            Optional<Prefix> part = rules.publicDestination(rule, exitNode, prefix, steered);
            boolean ofFamily = part.isEmpty() || part.get().isIpv4() == prefix.isIpv4();
            int at = ofFamily ? 0 : 1;
            first[at] = first[at] < 0 ? rule : first[at];
        });
        int rule = first[0] < 0 ? first[1] : first[0];
        RuleId id = rules.id(rule);
        return rules.publicDestination(rule, exitNode, prefix, steered)
                .<RouteAnswer.GivenReason>map(part -> new RouteAnswer.PublicDestination(id, part))
                .orElseGet(() -> new RouteAnswer.Admitted(id));
    }

    private RuleSet exitNodes() {
        RuleSet leading = RuleSet.NONE;
        for (int exitNode : visibility.viewerClasses().exitNodes()) {
            leading = leading.union(rules.nodes().get(exitNode).steeredExitRules());
        }
        return leading;
    }

    /** A grant with via leads the viewer, to nodes that there are or not. */
    private Withheld.Reason steered(int rule, RuleSet leading) {
        return leading.contains(rule)
                ? new Withheld.ViaOtherRouter(rules.id(rule), null)
                : new Withheld.ViaNoRouter(rules.id(rule), rules.via(rule));
    }

    /** The prefix is effective on the viewer too. */
    private RouteAnswer shared(NodeAccess peer, int peerPlace, Prefix prefix, CarrierRow row) {
        if (row.primary < 0) {
            return new Withheld(peer.id(), prefix, new Withheld.Unserved());
        }
        if (row.primary != peerPlace) {
            return new Withheld(peer.id(), prefix, notCarrier(row, row.primary));
        }
        return visibility.sees(place, peerPlace)
                ? new RouteAnswer.Given(peer.id(), prefix, new RouteAnswer.SharedPrefix())
                : new Withheld(peer.id(), prefix, new Withheld.NotAdmitted());
    }

    private RouteAnswer subnet(NodeAccess peer, int peerPlace, Prefix prefix, CarrierRow row) {
        PrefixAccess access = rules.prefixes().get(rules.place(prefix));
        int carrier = row.carrierFor(
                visibility.viewerClasses(), visibility.viewerClasses().of(place));
        RuleSet opening = rules.opening(access, peer);
        int towards = viewer.sourceRules().firstCommon(opening);
        int back = access.prefixSourceRules().firstCommon(viewer.destinationRules());
        if (carrier == peerPlace) {
            RouteAnswer.GivenReason why = towards >= 0
                    ? new RouteAnswer.Admitted(rules.id(towards))
                    : new RouteAnswer.ReturnPath(rules.id(back));
            return new RouteAnswer.Given(peer.id(), prefix, why);
        }
        return new Withheld(
                peer.id(),
                prefix,
                towards < 0 ? notAdmitted(access, row, carrier, back >= 0) : admitted(access, row, carrier, opening));
    }

    /** No rule lets the viewer reach any of the prefix through the peer. */
    private Withheld.Reason notAdmitted(PrefixAccess access, CarrierRow row, int carrier, boolean back) {
        RuleSet viaRules = viewer.sourceRules().intersection(access.viaRules());
        if (carrier >= 0) {
            int leading =
                    viaRules.firstCommon(rules.opening(access, rules.nodes().get(carrier)));
            if (leading >= 0) {
                return new Withheld.ViaOtherRouter(
                        rules.id(leading), rules.nodes().get(carrier).id());
            }
            return back || !viaRules.isEmpty() ? notCarrier(row, carrier) : new Withheld.NotAdmitted();
        }
        RuleSet opening = RuleSet.NONE;
        for (NodeId holder : access.holders()) {
            opening = opening.union(rules.opening(access, rules.node(holder).orElseThrow()));
        }
        int leading = viaRules.firstCommon(opening);
        if (leading >= 0) {
            return new Withheld.ViaOtherRouter(rules.id(leading), null);
        }
        if (back) {
            return new Withheld.Unserved();
        }
        int nowhere = viewer.sourceRules().firstCommon(viaRules);
        return nowhere < 0
                ? new Withheld.NotAdmitted()
                : new Withheld.ViaNoRouter(rules.id(nowhere), rules.via(nowhere));
    }

    /** A rule lets the viewer reach some of the prefix through the peer, which does not carry it. */
    private Withheld.Reason admitted(PrefixAccess access, CarrierRow row, int carrier, RuleSet opening) {
        if (carrier < 0) {
            return new Withheld.Unserved();
        }
        RuleSet viaRules = viewer.sourceRules().intersection(access.viaRules());
        int via = viaRules.firstCommon(opening);
        int plain = viewer.sourceRules().firstCommon(access.plain());
        boolean lifted = via >= 0
                && plain >= 0
                && !viaRules.meets(rules.opening(access, rules.nodes().get(carrier)));
        return lifted
                ? new Withheld.ViaOverridden(
                        rules.id(via),
                        rules.id(plain),
                        rules.nodes().get(carrier).id())
                : notCarrier(row, carrier);
    }

    private Withheld.Reason notCarrier(CarrierRow row, int carrier) {
        Withheld.Precedence why =
                carrier == row.primary ? Withheld.Precedence.PRIMARY : Withheld.Precedence.FIRST_ADMITTED;
        return new Withheld.NotCarrier(rules.nodes().get(carrier).id(), why);
    }
}
