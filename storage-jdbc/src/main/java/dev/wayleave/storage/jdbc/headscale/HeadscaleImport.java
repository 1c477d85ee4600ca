package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Actor;
import java.time.Instant;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * What was read of a Headscale database, and how it comes over.
 *
 * <p>Immutable and safe for use by several threads. {@link #read} blocks on the database, whole tables in one read-only
 * transaction; everything after it is pure. Costs are linear in the rows, in time and in memory.
 *
 * <p>Nothing in a database is fatal but that it cannot be read at all. A value that cannot be read is left out and
 * reported with its table and row; so is a row that belongs nowhere. Numbers of nodes are kept; keys of users are the
 * ids of their rows. An import adds and overrides nobody, so that doing it twice is doing it once.
 */
public final class HeadscaleImport {

    /** What approvals that came over say of where they came from. */
    public static final String SOURCE = "headscale";

    /** How many rows of one table are read; a database with more is not. */
    public static final long MOST_ROWS = 5_000_000;

    private final ImportReport report;

    private HeadscaleImport(ImportReport report) {
        this.report = report;
    }

    /**
     * Reads a database of any release from 0.1 to 0.30, on SQLite or PostgreSQL; on the latter from the connection's
     * current schema. Nothing is written, and the connection goes back as it came.
     *
     * @param source where to get the one connection from
     * @return what was found
     * @throws UnreadableDatabaseException if there is no connection, a table cannot be read or has more than {@link
     *     #MOST_ROWS} rows, or the database is not Headscale's
     */
    public static HeadscaleImport read(DataSource source) {
        Objects.requireNonNull(source, "source");
        return new HeadscaleImport(ReportReader.report(DatabaseReader.read(source, MOST_ROWS)));
    }

    /**
     * Returns what was found, row by row. All its primaries are incumbents if the import goes into an empty tailnet.
     *
     * @return the report
     */
    public ImportReport report() {
        return report;
    }

    /**
     * Decides what the import changes in a tailnet, empty or not.
     *
     * <ul>
     *   <li>The policy comes over before any node does, unless the tailnet has a policy of its own: then it keeps that
     *         one.
     *   <li>So does the overlay, unless the tailnet has nodes, users, a policy or an overlay already.
     *   <li>Users whom the tailnet knows by name or e-mail stay as they are, and so do nodes that it knows by number
     *       and host key: what the tailnet says of them is newer. New ones are added.
     *   <li>A number that belongs to another node is never given twice: that node is not imported.
     *   <li>Approvals are added; a denial, or an approval that waits for an administrator, holds.
     *   <li>A primary stays the incumbent of its prefix if its node is new to the tailnet and nobody else there can
     *       carry the prefix. Such a node gets the grace that follows a restart, until when it can reconnect without
     *       losing what it carries.
     * </ul>
     *
     * <p>If something has to be decided first – there is no policy to import, or the addresses make no overlay –, the
     * report of the plan says so with a finding of the degree {@link ImportFinding.Degree#BLOCKING}, and the plan
     * changes nothing.
     *
     * @param state the tailnet
     * @param choices where policy and overlay come from
     * @param actor who imports
     * @param now the time
     * @return what follows; its change is empty if everything came over before, or if the plan is blocked
     */
    public ImportPlan into(RoutingState state, ImportChoices choices, Actor actor, Instant now) {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(choices, "choices");
        return ImportPlanner.plan(report, state, choices, actor, now);
    }

    /**
     * Returns a summary for a person to read.
     *
     * @return layout and sizes
     */
    @Override
    public String toString() {
        return report.layout() + ": " + report.users().size() + " users, "
                + report.nodes().size() + " nodes, " + report.approvals() + " approvals, "
                + report.findings().size() + " findings";
    }
}
