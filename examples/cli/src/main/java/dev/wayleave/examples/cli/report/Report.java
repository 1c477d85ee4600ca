package dev.wayleave.examples.cli.report;

/** The output of a command: text for people, or a document for programs. */
public interface Report {

    /** The text, each of its lines with a line feed, and no control sequence of a terminal. */
    String text(Ink ink);

    /** The value that is written as JSON. */
    Object document();
}
