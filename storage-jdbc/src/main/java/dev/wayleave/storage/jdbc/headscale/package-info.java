/**
 * Takes over what a Headscale control plane keeps in its database: policy, users, nodes, tags, what is
 * advertised, what is approved and who was primary, from any release from 0.1 to 0.30, on SQLite or PostgreSQL.
 *
 * <p>{@link dev.wayleave.storage.jdbc.headscale.HeadscaleImport#read} is the door and does the only input, read-only.
 * Everything after it is pure:
 *
 * <pre>
 *   Headscale database ──read──► HeadscaleImport ──into(state, choices, now)──► ImportPlan ──► a commit, or submissions
 *                                      │                                   │
 *                                      └── report: what was found,         └── report: also what the state
 *                                          row by row                          would not take
 * </pre>
 */
@NullMarked
@CheckReturnValue
package dev.wayleave.storage.jdbc.headscale;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
