package dev.wayleave.visibility.engine;

import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.NodeClasses;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.access.engine.RuleSet;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out why one viewer gets a route or does not, from the same sets of rules from which views are made. */
final class Explanation {

    private final Visibility visibility;
    private final AccessRules rules;
    private final NodeAccess viewer;

    Explanation(Visibility visibility, NodeAccess viewer) {
        this.visibility = visibility;
        this.rules = visibility.rules();
        this.viewer = viewer;
    }

    RouteAnswer of(NodeId id, Prefix prefix) {
        if (id.equals(viewer.id())) {
            return new Withheld(id, prefix, new Withheld.OwnRoute());
        }
        NodeAccess peer = rules.node(id).orElse(null);
        if (peer == null || !peer.routes().effective().contains(prefix)) {
            return new Withheld(id, prefix, new Withheld.NotEffective());
        }
        if (prefix.isExitRoute()) {
            return exit(peer, prefix);
        }
        CarrierRow row = visibility.rows().get(prefix);
        if (row == null) {
            throw new IllegalStateException("`" + prefix + "` is effective and has no row");
        }
        return viewer.routes().effective().contains(prefix) ? shared(peer, prefix, row) : subnet(peer, prefix, row);
    }

    private RouteAnswer exit(NodeAccess peer, Prefix prefix) {
        int viaRule = rules.firstCommon(viewer.sourceRules(), rules.exitViaRules());
        RuleSet showing = viewer.sourceRules().intersection(viaRule < 0 ? peer.exit() : peer.exitDespiteVia());
        if (!showing.isEmpty()) {
            return new RouteAnswer.Given(peer.id(), prefix, exitReason(showing, peer, prefix, viaRule >= 0));
        }
        return new Withheld(
                peer.id(), prefix, viaRule < 0 ? new Withheld.NotAdmitted() : ledElsewhere(viaRule, exitNodes()));
    }

    /**
     * The first rule for the internet of the route's family, or for a part of it; else the first for the other family.
     */
    private RouteAnswer.GivenReason exitReason(RuleSet showing, NodeAccess exitNode, Prefix prefix, boolean isLed) {
        int[] first = {-1, -1};
        showing.forEach(rule -> {
            Optional<Prefix> part = rules.publicDestination(rule, exitNode, prefix, isLed);
            boolean ofFamily = part.isEmpty() || part.get().isIpv4() == prefix.isIpv4();
            int at = ofFamily ? 0 : 1;
            first[at] = rules.earlier(first[at], rule);
        });
        int rule = first[0] < 0 ? first[1] : first[0];
        RuleId id = rules.id(rule);
        return rules.publicDestination(rule, exitNode, prefix, isLed)
                .<RouteAnswer.GivenReason>map(part -> new RouteAnswer.PublicDestination(id, part))
                .orElseGet(() -> new RouteAnswer.Admitted(id));
    }

    private RuleSet exitNodes() {
        RuleSet exitRules = RuleSet.NONE;
        NodeClasses classes = rules.classes();
        for (int slot = 0; slot < classes.count(); slot++) {
            NodeClasses.NodeClass nodeClass = classes.at(slot);
            if (nodeClass != null) {
                exitRules = exitRules.union(nodeClass.rules().exitDespiteVia());
            }
        }
        return exitRules;
    }

    /** A grant with via leads the viewer, to nodes that there are or not. */
    private Withheld.Reason ledElsewhere(int rule, RuleSet exitRules) {
        return exitRules.contains(rule)
                ? new Withheld.ViaOtherRouter(rules.id(rule), null)
                : new Withheld.ViaNoRouter(rules.id(rule), rules.via(rule));
    }

    /** The prefix is effective on the viewer too. */
    private RouteAnswer shared(NodeAccess peer, Prefix prefix, CarrierRow row) {
        NodeId primary = row.primary();
        if (primary == null) {
            return new Withheld(peer.id(), prefix, new Withheld.Unserved());
        }
        if (!primary.equals(peer.id())) {
            return new Withheld(peer.id(), prefix, notCarrier(row, primary));
        }
        return viewer.sees(peer)
                ? new RouteAnswer.Given(peer.id(), prefix, new RouteAnswer.SharedPrefix())
                : new Withheld(peer.id(), prefix, new Withheld.NotAdmitted());
    }

    private RouteAnswer subnet(NodeAccess peer, Prefix prefix, CarrierRow row) {
        PrefixAccess access = row.access;
        NodeId carrier = row.carrierFor(viewer.rules());
        RuleSet destinationRules = rules.destinationRules(access, peer);
        int towards = rules.firstCommon(viewer.sourceRules(), destinationRules);
        int back = rules.firstCommon(access.prefixSourceRules(), viewer.destinationRules());
        if (peer.id().equals(carrier)) {
            RouteAnswer.GivenReason reason = towards >= 0
                    ? new RouteAnswer.Admitted(rules.id(towards))
                    : new RouteAnswer.ReturnPath(rules.id(back));
            return new RouteAnswer.Given(peer.id(), prefix, reason);
        }
        return new Withheld(
                peer.id(),
                prefix,
                towards < 0
                        ? notAdmitted(access, row, carrier, back >= 0)
                        : admitted(access, row, carrier, destinationRules));
    }

    /** No rule lets the viewer reach any of the prefix through the peer. */
    private Withheld.Reason notAdmitted(PrefixAccess access, CarrierRow row, @Nullable NodeId carrier, boolean back) {
        RuleSet viaRules = viewer.sourceRules().intersection(access.viaRules());
        if (carrier != null) {
            int viaRule = rules.firstCommon(viaRules, rules.destinationRules(access, node(carrier)));
            if (viaRule >= 0) {
                return new Withheld.ViaOtherRouter(rules.id(viaRule), carrier);
            }
            return back || !viaRules.isEmpty() ? notCarrier(row, carrier) : new Withheld.NotAdmitted();
        }
        RuleSet destinationRules = RuleSet.NONE;
        for (NodeId holder : access.holders()) {
            destinationRules = destinationRules.union(rules.destinationRules(access, node(holder)));
        }
        int viaRule = rules.firstCommon(viaRules, destinationRules);
        if (viaRule >= 0) {
            return new Withheld.ViaOtherRouter(rules.id(viaRule), null);
        }
        if (back) {
            return new Withheld.Unserved();
        }
        int nowhere = rules.firstCommon(viewer.sourceRules(), viaRules);
        return nowhere < 0
                ? new Withheld.NotAdmitted()
                : new Withheld.ViaNoRouter(rules.id(nowhere), rules.via(nowhere));
    }

    /** A rule lets the viewer reach some of the prefix through the peer, which does not carry it. */
    private Withheld.Reason admitted(
            PrefixAccess access, CarrierRow row, @Nullable NodeId carrier, RuleSet destinationRules) {
        if (carrier == null) {
            return new Withheld.Unserved();
        }
        RuleSet viaRules = viewer.sourceRules().intersection(access.viaRules());
        int via = rules.firstCommon(viaRules, destinationRules);
        int plain = rules.firstCommon(viewer.sourceRules(), access.plain());
        boolean lifted = via >= 0 && plain >= 0 && !viaRules.meets(rules.destinationRules(access, node(carrier)));
        return lifted ? new Withheld.ViaOverridden(rules.id(via), rules.id(plain), carrier) : notCarrier(row, carrier);
    }

    private Withheld.Reason notCarrier(CarrierRow row, NodeId carrier) {
        Withheld.Precedence reason =
                carrier.equals(row.primary()) ? Withheld.Precedence.PRIMARY : Withheld.Precedence.FIRST_ADMITTED;
        return new Withheld.NotCarrier(carrier, reason);
    }

    private NodeAccess node(NodeId id) {
        return rules.node(id).orElseThrow(() -> new IllegalStateException("node " + id + " does not exist"));
    }
}
