package dev.wayleave.examples.cli.source;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Documents;
import dev.wayleave.examples.cli.text.Problem;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/**
 * A conformance case, or a file of the same shape that holds no more than {@code policy}, {@code users}, {@code nodes}
 * and, where nodes have addresses from other ranges than usual, {@code overlay}. What else a case holds is not read.
 */
public final class CaseFile implements Source {

    /** Reads one value in the midst of a file. */
    private static final ObjectReader STRICT = Documents.MAPPER
            .reader()
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final SourceText source;
    private final List<CaseEntries.PlacedValue<CaseEntries.UserEntry>> users = new ArrayList<>();
    private final List<CaseEntries.PlacedValue<CaseEntries.NodeEntry>> nodes = new ArrayList<>();
    private OverlayRanges overlay = OverlayRanges.DEFAULT;
    private @Nullable PolicyText policy;
    private boolean inPolicy;
    private boolean hasNodes;
    private @Nullable Problem damage;

    private CaseFile(SourceText source) {
        this.source = source;
    }

    /** Reads what can be read of a file; the command that asks reports what is wrong with it. */
    public static CaseFile of(SourceText source) {
        CaseFile file = new CaseFile(source);
        try (JsonParser parser = Documents.MAPPER.createParser(source.text())) {
            file.read(parser);
        } catch (JacksonException malformed) {
            file.damage = Documents.problem(malformed);
        } catch (BadInput wrong) {
            file.damage = wrong.problems().get(0);
        }
        return file;
    }

    private void read(JsonParser parser) {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            String wrong = first == null ? "the file holds no JSON" : "expected a tailnet as an object";
            throw new BadInput(source, Problem.at(1, 1, wrong));
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "policy" -> readPolicy(parser);
                case "users" -> readList(parser, CaseEntries.UserEntry.class, users);
                case "nodes" -> {
                    hasNodes = true;
                    readList(parser, CaseEntries.NodeEntry.class, nodes);
                }
                case "overlay" -> readOverlay(parser);
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw refuse(parser.currentTokenLocation(), "something follows after the end of the JSON");
        }
    }

    private void readPolicy(JsonParser parser) {
        TokenStreamLocation start = parser.currentTokenLocation();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw refuse(start, "expected `policy` as an object");
        }
        int from = (int) start.getCharOffset();
        // what is malformed inside is reported with the policy, which then reaches to the end of the file
        policy = new PolicyText(
                source, start.getLineNr(), start.getColumnNr(), source.text().substring(from));
        inPolicy = true;
        parser.skipChildren();
        inPolicy = false;
        int to = (int) parser.currentLocation().getCharOffset();
        policy = new PolicyText(
                source, start.getLineNr(), start.getColumnNr(), source.text().substring(from, to));
    }

    private <T> void readList(JsonParser parser, Class<T> type, List<CaseEntries.PlacedValue<T>> entries) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw refuse(parser.currentTokenLocation(), "expected `" + parser.currentName() + "` as a list");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            TokenStreamLocation start = parser.currentTokenLocation();
            T entry = STRICT.forType(type).readValue(parser);
            if (entry == null) {
                throw refuse(start, "expected an object, not null");
            }
            entries.add(new CaseEntries.PlacedValue<>(entry, start.getLineNr(), start.getColumnNr()));
        }
    }

    private void readOverlay(JsonParser parser) {
        TokenStreamLocation start = parser.currentTokenLocation();
        List<CaseEntries.PlacedValue<Prefix>> ranges = new ArrayList<>();
        readList(parser, Prefix.class, ranges);
        if (ranges.isEmpty()) {
            throw refuse(start, "`overlay` is empty: list the prefixes from which nodes have their addresses");
        }
        overlay = OverlayRanges.of(AddressSet.ofPrefixes(
                ranges.stream().map(CaseEntries.PlacedValue::value).toList()));
    }

    private BadInput refuse(TokenStreamLocation place, String message) {
        return new BadInput(source, Problem.at(place.getLineNr(), place.getColumnNr(), message));
    }

    /** The policy in the file; empty if the file has no member of that name. */
    public Optional<PolicyText> policy() {
        return Optional.ofNullable(policy);
    }

    /** The problems of the file around its policy. */
    public List<Problem> problemsAroundPolicy() {
        if (damage != null) {
            return inPolicy ? List.of() : List.of(damage);
        }
        try {
            var ignored = stateWith(null);
            return List.of();
        } catch (BadInput wrong) {
            return wrong.problems().isEmpty()
                    ? List.of(new Problem("FILE", wrong.getMessage(), null, null))
                    : wrong.problems();
        }
    }

    /** The tailnet without its policy; an empty one where the file holds none that can be read. */
    public RoutingState surroundings() {
        return problemsAroundPolicy().isEmpty() && damage == null ? stateWith(null) : CaseEntries.none();
    }

    @Override
    public Tailnet read() {
        if (damage != null) {
            throw new BadInput(source, damage);
        }
        if (policy == null || !hasNodes) {
            throw new BadInput(
                    source,
                    Problem.at(1, 1, "a tailnet needs a field `" + (policy == null ? "policy" : "nodes") + "`"));
        }
        RoutingState state = stateWith(policy);
        // a file is one moment: the time at which it was read has no meaning
        return new Tailnet(state, state.names().withoutTimes(), "");
    }

    private RoutingState stateWith(@Nullable PolicyText text) {
        return new CaseEntries(source, users, nodes, overlay).state(text);
    }
}
