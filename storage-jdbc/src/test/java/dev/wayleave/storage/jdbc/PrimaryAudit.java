package dev.wayleave.storage.jdbc;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.storage.StoredEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * Keeps each row of a primary that is written or taken back, in the transaction that does it: so that the primaries of
 * every revision are known afterwards, and not only of those that were read.
 */
final class PrimaryAudit {

    private static final String[] TABLES = {
        "create table primary_audit (id bigserial primary key, at timestamptz not null default clock_timestamp(),"
                + " revision bigint not null, node bigint not null, prefix cidr not null, is_primary boolean not null)",
        """
        create function note_primary() returns trigger language plpgsql as $$
        begin
            if tg_op = 'DELETE' then
                if old.is_primary then
                    insert into primary_audit (revision, node, prefix, is_primary)
                        select t.revision, old.node, old.prefix, false from wayleave_tailnet t
                        where t.tailnet = old.tailnet;
                end if;
            elsif tg_op = 'UPDATE' and new.is_primary <> old.is_primary or tg_op = 'INSERT' and new.is_primary then
                insert into primary_audit (revision, node, prefix, is_primary)
                    values (new.revision, new.node, new.prefix, new.is_primary);
            end if;
            return null;
        end $$""",
        "create trigger note_primary after insert or update or delete on wayleave_route"
                + " for each row execute function note_primary()"
    };

    private final DataSource dataSource;

    private PrimaryAudit(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Begins to keep them, in a database that has the tables. */
    static PrimaryAudit begin(DataSource dataSource) {
        Database.execute(dataSource, TABLES);
        return new PrimaryAudit(dataSource);
    }

    /**
     * A primary that was written, or taken back.
     *
     * @param at when, in milliseconds of the database's wall clock
     */
    record Change(long at, long revision, long node, String prefix, boolean isPrimary) {}

    /** {@return all changes, in the order in which they were made} */
    List<Change> changes() throws SQLException {
        List<Change> changes = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select cast(extract(epoch from at) * 1000 as bigint), revision,"
                                + " node, cast(prefix as text), is_primary from primary_audit order by id")) {
            while (rows.next()) {
                changes.add(new Change(
                        rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getString(4), rows.getBoolean(5)));
            }
        }
        return changes;
    }

    /** {@return which router carries a shared prefix from when on} */
    static List<Unserved.Carried> carried(List<Change> changes) {
        Map<String, Unserved.Carried> byRevision = new LinkedHashMap<>();
        for (Change change : changes) {
            long prefix = Agents.numberOf(change.prefix());
            if (prefix >= 0) {
                // the commit may write the primary that it takes back after the new one
                byRevision.merge(
                        change.revision() + " " + prefix,
                        new Unserved.Carried(change.at(), prefix, change.isPrimary() ? change.node() : 0),
                        (one, other) ->
                                new Unserved.Carried(other.at(), prefix, Math.max(one.router(), other.router())));
            }
        }
        return List.copyOf(byRevision.values());
    }

    /** {@return the revisions after which a prefix has two primaries, or a different one from the events} */
    static List<String> contradictions(List<Change> changes, List<StoredEvent> events) {
        TreeMap<Long, Map<String, Long>> elected = new TreeMap<>();
        for (StoredEvent event : events) {
            if (event.event() instanceof RouteEvent.OfElection election) {
                long node = election instanceof RouteEvent.PrimaryElected one
                        ? one.node().value()
                        : election instanceof RouteEvent.PrimaryMoved moved
                                ? moved.to().value()
                                : 0;
                elected.computeIfAbsent(event.position().revision().value(), each -> new HashMap<>())
                        .put(election.prefix().toString(), node);
            }
        }
        TreeMap<Long, List<Change>> written = new TreeMap<>();
        for (Change change : changes) {
            written.computeIfAbsent(change.revision(), each -> new ArrayList<>())
                    .add(change);
        }
        TreeSet<Long> revisions = new TreeSet<>(elected.keySet());
        revisions.addAll(written.keySet());
        Map<String, TreeSet<Long>> primaries = new HashMap<>();
        Map<String, Long> said = new HashMap<>();
        List<String> contradictions = new ArrayList<>();
        for (long revision : revisions) {
            TreeSet<String> touched =
                    new TreeSet<>(elected.getOrDefault(revision, Map.of()).keySet());
            for (Change change : written.getOrDefault(revision, List.of())) {
                TreeSet<Long> nodes = primaries.computeIfAbsent(change.prefix(), each -> new TreeSet<>());
                boolean unused = change.isPrimary() ? nodes.add(change.node()) : nodes.remove(change.node());
                touched.add(change.prefix());
            }
            said.putAll(elected.getOrDefault(revision, Map.of()));
            for (String prefix : touched) {
                TreeSet<Long> nodes = primaries.getOrDefault(prefix, new TreeSet<>());
                long last = said.getOrDefault(prefix, 0L);
                if (nodes.size() > 1 || (nodes.isEmpty() ? 0 : nodes.first()) != last) {
                    contradictions.add(
                            "revision " + revision + ": " + prefix + " has " + nodes + ", and the events say " + last);
                }
            }
        }
        return contradictions;
    }
}
