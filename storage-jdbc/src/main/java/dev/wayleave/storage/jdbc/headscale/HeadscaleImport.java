package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.RoutingState;
import dev.wayleave.Submission;
import dev.wayleave.mesh.Actor;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/**
 * What was read of a Headscale database, and how it comes over.
 *
 * <p>Immutable and safe for use by several threads. {@link #read} blocks on the database, whole tables in one read-only
 * transaction; everything after it is pure. Costs are linear in the rows, in time and in memory.
 *
 * <p>Nothing in a database is fatal but that it cannot be read at all. A value that cannot be read is left out and
 * reported with its table and row; so is a row that belongs nowhere. Numbers of nodes are kept; keys of users are the ids
 * of their rows. An import adds and overrides nobody, so that doing it twice is doing it once.
 */
public final class HeadscaleImport {

    /** What approvals that came over say of where they came from. */
    public static final String SOURCE = "headscale";

    private final ImportReport report;

    private HeadscaleImport(ImportReport report) {
        this.report = report;
    }

    /**
     * Reads a database of any release from 0.1 to 0.29, on SQLite or PostgreSQL; on the latter from the connection's
     * current schema. Nothing is written, and the connection goes back as it came.
     *
     * @param source where to get the one connection from
     * @return what was found
     * @throws UnreadableDatabaseException if there is no connection, a table cannot be read, or the database is not
     *     Headscale's
     */
    public static HeadscaleImport read(DataSource source) {
        return new HeadscaleImport(Interpreting.report(DatabaseReading.read(source)));
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
     * Returns the import as submissions to an empty tailnet: one for the users, then one for each node, with what it
     * advertises and what is approved. A node that is refused keeps no other one out.
     *
     * <p>No command says who is primary, for that is the tailnet's own decision: {@link #into} keeps the incumbents, and is
     * the way into a tailnet that is not empty.
     *
     * @param actor who imports
     * @return in the order in which they apply; submitting them again changes nothing
     */
    public List<Submission> submissions(Actor actor) {
        return Merging.submissions(report, actor);
    }

    /**
     * Decides what the import changes in a tailnet, empty or not.
     *
     * <ul>
     *   <li>Users whom the tailnet knows by name or e-mail stay as they are, and so do nodes that it knows by number and
     *       host key: what the tailnet says of them is newer. New ones are added.
     *   <li>A number that belongs to another node is never given twice: that node is not imported.
     *   <li>Approvals are added; a denial, or an approval that waits for an administrator, holds.
     *   <li>A primary stays the incumbent of its prefix if its node is new to the tailnet and nobody else there can carry
     *       the prefix. Such a node gets the grace that follows a restart, until when it can reconnect without losing
     *       what it carries.
     * </ul>
     *
     * @param state the tailnet
     * @param actor who imports
     * @param now the time
     * @return what follows; its change is empty if everything came over before
     */
    public ImportPlan into(RoutingState state, Actor actor, Instant now) {
        return Merging.plan(report, state, actor, now);
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
