package dev.wayleave.examples.cli.text;

/** A file is not as it should be, at a place that is known. */
public final class Misread extends BadInput {

    private static final long serialVersionUID = 1L;

    private final transient Refused.Problem problem;

    public Misread(SourceText source, Json.Place place, String message) {
        super(source.at(place, message));
        this.problem = new Refused.Problem("FILE", place.line(), place.column(), message);
    }

    public Refused.Problem problem() {
        return problem;
    }
}
