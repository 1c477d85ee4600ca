/**
 * How are the routes of a tailnet kept as rows of a relational database: PostgreSQL, SQLite or H2?
 *
 * <p>Start with {@link dev.wayleave.storage.jdbc.JdbcSchema}, which makes the tables, and
 * {@link dev.wayleave.storage.jdbc.JdbcRoutingStore}, which reads and writes them through the host's
 * {@code javax.sql.DataSource}. There is no slow twin: {@code RoutingStoreContract}, the contract of all stores, is
 * tested on each database.
 *
 * <p>Values are immutable; a public type is safe for use by several threads unless its documentation says otherwise.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage.jdbc;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
