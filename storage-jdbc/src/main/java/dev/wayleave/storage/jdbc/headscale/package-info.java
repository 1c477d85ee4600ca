/**
 * How does the database of a Headscale control plane come over? Policy, users, nodes, tags, advertised and approved
 * routes, and primaries, from any release from 0.1 to 0.30, on SQLite or PostgreSQL.
 *
 * <p>Start with {@link dev.wayleave.storage.jdbc.headscale.HeadscaleImport#read}, which reads the database, read-only.
 * All later steps are pure:
 *
 * <pre>
 *   Headscale database ──read──► HeadscaleImport ──into(state, choices, now)──► ImportPlan ──► a commit, or submissions
 *                                      │                                   │
 *                                      └── report: facts and               └── report: also with the findings
 *                                          findings, row by row                of the tailnet
 * </pre>
 *
 * <p>There is no slow twin: {@code RecordedDatabasesTest} compares imports of recorded databases with their expected
 * answers.
 *
 * <p>Values are immutable; a public type is safe for use by several threads unless its documentation says otherwise.
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage.jdbc.headscale;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
