/**
 * What does the server show? The page, documents of the tailnet and of views, the log of events, and the streams that
 * follow.
 *
 * <p>Start with {@link TailnetDocuments} and {@link ViewDocuments}, which write documents; {@link ViewStreams} computes
 * what nodes receive.
 *
 * <p>{@code TailnetApiTest} tests the documents, {@code FailoverTest} the streams, both over HTTP.
 *
 * <p>Safe for use by several threads, except what one request or one step makes for itself, such as a document; sending
 * to a stream does not block.
 */
@NullMarked
package dev.wayleave.examples.server.view;

import org.jspecify.annotations.NullMarked;
