/**
 * Answers what is shown: the page, documents of the tailnet and of views, the log of events, and the streams that
 * follow. {@link TailnetDocuments} and {@link ViewDocuments} write documents; {@link ViewStreams} computes what nodes
 * receive. {@code TailnetApiTest} holds the documents, {@code FailoverTest} the streams, both over HTTP.
 */
@NullMarked
package dev.wayleave.examples.server.view;

import org.jspecify.annotations.NullMarked;
