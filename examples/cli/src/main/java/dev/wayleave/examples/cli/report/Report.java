package dev.wayleave.examples.cli.report;

/** What a command prints: text for people, or a document for programs. */
public interface Report {

    /** The text, each of its lines with a line feed, and no control sequence of a terminal. */
    String text(Ink ink);

    /** What is written as JSON. */
    Object document();
}
