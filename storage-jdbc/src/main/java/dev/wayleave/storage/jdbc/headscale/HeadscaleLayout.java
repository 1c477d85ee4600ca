package dev.wayleave.storage.jdbc.headscale;

/**
 * The place of the approvals in a Headscale database, or in the answers of its API.
 *
 * <p>A database has the layout of its columns, regardless of the version that it names.
 */
public enum HeadscaleLayout {
    /** A list on each machine: releases up to 0.17. */
    ENABLED_ROUTES("machines.enabled_routes"),
    /** One row for each node and prefix: releases 0.18 to 0.25, the only ones that store primaries. */
    ROUTES("routes"),
    /** A list on each node: releases from 0.26 on. */
    APPROVED_ROUTES("nodes.approved_routes"),
    /** No database: the answers of a Headscale that runs, release 0.26 or newer, which names primaries. */
    API("api/v1/node");

    private final String place;

    HeadscaleLayout(String place) {
        this.place = place;
    }

    /** {@return the table, or the table and its column, for example {@code nodes.approved_routes}} */
    public String place() {
        return place;
    }

    /** {@return the same as {@link #place}} */
    @Override
    public String toString() {
        return place;
    }
}
