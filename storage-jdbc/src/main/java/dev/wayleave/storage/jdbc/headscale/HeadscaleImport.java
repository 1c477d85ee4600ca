package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Actor;
import java.time.Instant;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Imports policy, users, nodes, approvals and primaries of a Headscale database into a tailnet.
 *
 * <p>{@link #read} blocks on the database, and reads whole tables in one read-only transaction; all other methods are
 * pure. Costs are linear in the rows, in time and in memory.
 *
 * <p>The only fatal fault of a database is that it cannot be read at all. A value that cannot be read, and a row that
 * belongs to no node, are left out and reported with table and row. Ids of nodes are kept; ids of users are the ids of
 * their rows. An import adds, and overrides no user or node, so that a second import changes nothing.
 */
public final class HeadscaleImport {

    /** The source that imported approvals name. */
    public static final String SOURCE = "headscale";

    /** The largest number of rows in a table; a database with a longer table is refused. */
    public static final long MOST_ROWS = 5_000_000;

    private final ImportReport report;

    private HeadscaleImport(ImportReport report) {
        this.report = report;
    }

    /**
     * Reads a database of any release from 0.1 to 0.30, on SQLite or PostgreSQL; on the latter from the connection's
     * current schema. Nothing is written, and the connection goes back as it came.
     *
     * @param source gives the one connection
     * @return the import, with its report
     * @throws UnreadableDatabaseException if there is no connection, a table cannot be read or has more than {@link
     *     #MOST_ROWS} rows, or the database is not Headscale's
     */
    public static HeadscaleImport read(DataSource source) {
        Objects.requireNonNull(source, "source");
        return new HeadscaleImport(ReportReader.report(DatabaseReader.read(source, MOST_ROWS)));
    }

    /**
     * Makes an import of what another program read of a Headscale, for example from its API ({@link
     * HeadscaleLayout#API}).
     *
     * @param report users, nodes, primaries and policy, and what of them is missing or changed
     * @return the import
     */
    public static HeadscaleImport of(ImportReport report) {
        return new HeadscaleImport(Objects.requireNonNull(report, "report"));
    }

    /** {@return the report, row by row; all its primaries are incumbents if the tailnet is empty} */
    public ImportReport report() {
        return report;
    }

    /**
     * Decides what the import changes in a tailnet, empty or not.
     *
     * <ul>
     *   <li>The policy is imported before the nodes, unless the tailnet has its own policy and keeps it.
     *   <li>The overlay too, unless the tailnet has nodes, users, a policy or an overlay already.
     *   <li>Users that the tailnet knows by name or e-mail stay as they are, and so do nodes that it knows by id and
     * host
     *       key: the facts of the tailnet are newer. New users and nodes are added.
     *   <li>A node whose id belongs to another node of the tailnet is not imported.
     *   <li>Approvals are added. A denial stays, and so does an approval that waits for an administrator.
     *   <li>A primary stays the incumbent of its prefix if its node is new to the tailnet and no other node there can
     *       carry the prefix. Such a node gets the restart grace, in which it can reconnect and keep its prefixes.
     * </ul>
     *
     * <p>If the caller has to decide something first – there is no policy to import, or the addresses do not fit an
     * overlay –, the report of the plan has a finding of the degree {@link ImportFinding.Degree#BLOCKING}, and the
     * plan changes nothing.
     *
     * @param state the tailnet
     * @param choices the sources of policy and overlay
     * @param actor the person or program that imports
     * @param now the time
     * @return the plan; its change is empty if all was imported before, or if the plan is blocked
     */
    public ImportPlan into(RoutingState state, ImportChoices choices, Actor actor, Instant now) {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(choices, "choices");
        return ImportPlanner.plan(report, state, choices, actor, now);
    }

    /** {@return layout and sizes, for a person to read} */
    @Override
    public String toString() {
        return report.layout() + ": " + report.users().size() + " users, "
                + report.nodes().size() + " nodes, " + report.approvals() + " approvals, "
                + report.findings().size() + " findings";
    }
}
