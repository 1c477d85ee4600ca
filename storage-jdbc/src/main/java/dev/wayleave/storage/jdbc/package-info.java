/**
 * Keeps the routes as rows of a relational database.
 *
 * <p>Here will be the store for PostgreSQL, SQLite and H2, with the versions of its schema as plain SQL. There is nothing in
 * here yet.
 */
@NullMarked
package dev.wayleave.storage.jdbc;

import org.jspecify.annotations.NullMarked;
