/**
 * How are the routes of a tailnet kept as rows of a relational database: PostgreSQL, SQLite or H2?
 *
 * <p>Start with {@link dev.wayleave.storage.jdbc.JdbcSchema}, which makes the tables, and
 * {@link dev.wayleave.storage.jdbc.JdbcRoutingStore}, which reads and writes them. Both take the host's
 * {@code javax.sql.DataSource}, and connect to nothing else. There is no slow twin: {@code RoutingStoreContract}, the
 * contract of all stores, is tested on each database.
 *
 * <p>On PostgreSQL {@link dev.wayleave.storage.jdbc.CommitListener} hears of the commits of other processes, and
 * {@link dev.wayleave.storage.jdbc.CommitRefresh} lets controllers read them at once.
 *
 * <p>{@code RowWriter} lists the places that a new column of the routes touches.
 *
 * <p>Values are immutable; a public type is safe for use by several threads unless its documentation says otherwise.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage.jdbc;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
