/**
 * Where does a tailnet come from? From a case file, a database, a server, or another control plane; for the import,
 * from the files of Headscale.
 *
 * <p>Start with {@link Source}, which gives a {@link Tailnet}, the same value for every source; {@link
 * OperatedSource} can also be changed. A new source is one class here and its option in {@code command.SourceOption}.
 *
 * <p>{@code CaseFileTest} and {@code ImportTargetTest} test it; {@code SameWordsTest} of the server asks all sources.
 */
@NullMarked
package dev.wayleave.examples.cli.source;

import org.jspecify.annotations.NullMarked;
