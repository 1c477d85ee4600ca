package dev.wayleave.examples.cli.source;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened.
 *
 * @param id its place among the events of the tailnet
 * @param time when, as RFC 3339 has it
 * @param revision the revision that it led to
 * @param kind what kind of event
 * @param actor who asked for it; null for what time did
 * @param actorNamed whether the text or the reason names the actor; null if the server does not report that
 * @param node the node that it is about
 * @param nodeName how that node is called
 * @param prefix the prefix that it is about
 * @param previousNode the primary before
 * @param text what happened, in a sentence
 * @param reason why; empty if the sentence has it
 */
public record HistoryEntry(
        @Nullable String id,
        @Nullable String time,
        @Nullable Long revision,
        @Nullable String kind,
        @Nullable String actor,
        @Nullable Boolean actorNamed,
        @Nullable NodeId node,
        @Nullable String nodeName,
        @Nullable Prefix prefix,
        @JsonAlias("from") @Nullable NodeId previousNode,
        @Nullable String text,
        @Nullable String reason) {

    /** An event of a database. */
    static HistoryEntry of(StoredEvent stored, Names names) {
        RouteEvent event = stored.event();
        return new HistoryEntry(
                stored.position().toString(),
                stored.at().toString(),
                stored.position().revision().value(),
                stored.kind(),
                stored.actor().map(Object::toString).orElse(null),
                event.namesActor(),
                stored.node().orElse(null),
                stored.node().map(names::node).orElse(null),
                stored.prefix().orElse(null),
                stored.previousNode().orElse(null),
                event.headline(names),
                event.reasonText(names));
    }
}
