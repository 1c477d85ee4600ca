/**
 * Imports the database of a Headscale control plane: policy, users, nodes, tags, advertised and approved routes, and
 * primaries, from any release from 0.1 to 0.30, on SQLite or PostgreSQL.
 *
 * <p>{@link dev.wayleave.storage.jdbc.headscale.HeadscaleImport#read} reads the database, read-only. All later
 * steps are pure:
 *
 * <pre>
 *   Headscale database ──read──► HeadscaleImport ──into(state, choices, now)──► ImportPlan ──► a commit, or submissions
 *                                      │                                   │
 *                                      └── report: facts and               └── report: also with the findings
 *                                          findings, row by row                of the tailnet
 * </pre>
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage.jdbc.headscale;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
