/**
 * Answers where a tailnet comes from: a {@link Source} is a case file, a database or a server. Each yields a {@link
 * Tailnet}, the same value whatever the source; {@link OperatedSource} can also be changed. A new source is one class
 * here and its option in {@code command.SourceOption}. Headscale's files, for the import, are read here, too.
 * {@code CaseFileTest} and {@code ImportTargetTest} hold it; {@code SameWordsTest} of the server asks all sources.
 */
@NullMarked
package dev.wayleave.examples.cli.source;

import org.jspecify.annotations.NullMarked;
