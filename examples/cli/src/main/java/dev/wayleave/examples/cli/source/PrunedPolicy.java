package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A policy of Tailscale without what no answer of its API decides: rules that ask for a device posture, and services as
 * destinations. Without them the policy opens less than its text, never more. Blanks replace what is left out, so that
 * all else keeps its lines; the policy's tests go with the first rule, because they need it.
 *
 * @param text the policy that is left; the whole text where it is not JSON
 * @param postures how many rules with a posture are left out
 * @param services how many other rules are left out, or a part of them, because of a service
 */
record PrunedPolicy(String text, int postures, int services) {

    /** From the first character to the one after the last. */
    private record Span(int from, int to) {}

    /**
     * A rule.
     *
     * @param postureFields the fields {@code srcPosture}
     * @param asksForPosture whether one of them names a posture
     * @param services the destinations that are services
     * @param destinations how many other destinations there are
     */
    private record Rule(
            Span whole, List<Span> postureFields, boolean asksForPosture, List<Span> services, int destinations) {}

    /** Reads a policy and leaves out what its reader would refuse a whole policy for. */
    static PrunedPolicy of(String written) {
        try (JsonParser parser = Documents.MAPPER.createParser(written)) {
            PolicyScan scan = new PolicyScan(parser);
            scan.policy();
            return scan.pruned(written);
        } catch (JacksonException malformed) {
            // the reader of policies reports it with its place
            return new PrunedPolicy(written, 0, 0);
        }
    }

    /** {@return what is left out, to follow a semicolon; empty if it is nothing} */
    String leftOut() {
        List<String> parts = new ArrayList<>();
        if (postures > 0) {
            parts.add("rules that ask for a device posture are left out: " + postures);
        }
        if (services > 0) {
            parts.add("services are left out as destinations of rules: " + services);
        }
        if (!parts.isEmpty()) {
            parts.add("so are the policy's tests");
        }
        return String.join("; ", parts);
    }

    /** Goes through the policy once. */
    private static final class PolicyScan {

        private static final String SERVICE = "svc:";

        private final JsonParser parser;
        private final List<Rule> rules = new ArrayList<>();
        private final List<Span> tests = new ArrayList<>();
        private final List<Span> defaultPostures = new ArrayList<>();
        private boolean hasDefaultPosture;

        PolicyScan(JsonParser parser) {
            this.parser = parser;
        }

        void policy() {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                int from = start();
                switch (field()) {
                    case "acls", "grants" -> rules();
                    case "tests" -> {
                        skip();
                        tests.add(new Span(from, end()));
                    }
                    case "defaultsrcposture" -> {
                        hasDefaultPosture |= namesAnything();
                        defaultPostures.add(new Span(from, end()));
                    }
                    default -> skip();
                }
            }
        }

        private void rules() {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                skip();
                return;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    rules.add(rule());
                } else {
                    skip();
                }
            }
        }

        private Rule rule() {
            int whole = start();
            List<Span> postureFields = new ArrayList<>();
            boolean asksForPosture = false;
            List<Span> services = new ArrayList<>();
            int destinations = 0;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                int from = start();
                switch (field()) {
                    case "srcposture" -> {
                        asksForPosture |= namesAnything();
                        postureFields.add(new Span(from, end()));
                    }
                    case "dst", "ports" -> destinations += destinations(services);
                    default -> skip();
                }
            }
            return new Rule(new Span(whole, end()), postureFields, asksForPosture, services, destinations);
        }

        /** Collects the services of a list, and returns how many other elements it has. */
        private int destinations(List<Span> services) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                skip();
                return 1;
            }
            int others = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                int from = start();
                boolean service = parser.currentToken() == JsonToken.VALUE_STRING
                        && parser.getString().startsWith(SERVICE);
                skip();
                if (service) {
                    services.add(new Span(from, end()));
                } else {
                    others++;
                }
            }
            return others;
        }

        /** Goes to the value of a field, and returns the field's name; names match without regard to case. */
        private String field() {
            String name = parser.currentName().toLowerCase(Locale.ROOT);
            parser.nextToken();
            return name;
        }

        /** Goes to the end of a value; an empty list and null name nothing. */
        private boolean namesAnything() {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                boolean absent = parser.currentToken() == JsonToken.VALUE_NULL;
                skip();
                return !absent;
            }
            boolean any = false;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                any = true;
                skip();
            }
            return any;
        }

        private void skip() {
            parser.skipChildren();
            parser.finishToken();
        }

        private int start() {
            return (int) parser.currentTokenLocation().getCharOffset();
        }

        private int end() {
            return (int) parser.currentLocation().getCharOffset();
        }

        PrunedPolicy pruned(String written) {
            char[] text = written.toCharArray();
            int postures = 0;
            int services = 0;
            for (Rule rule : rules) {
                if (rule.asksForPosture() || hasDefaultPosture) {
                    postures++;
                    blank(text, rule.whole());
                } else if (!rule.services().isEmpty()) {
                    services++;
                    blank(text, rule.destinations() == 0 ? List.of(rule.whole()) : rule.services());
                    blank(text, rule.postureFields());
                } else {
                    blank(text, rule.postureFields());
                }
            }
            blank(text, defaultPostures);
            if (postures + services > 0) {
                blank(text, tests);
            }
            return new PrunedPolicy(new String(text), postures, services);
        }

        private static void blank(char[] text, List<Span> spans) {
            spans.forEach(span -> blank(text, span));
        }

        /** Blanks a member or an element, and the comma that follows it; the comma before it may stay in HuJSON. */
        private static void blank(char[] text, Span span) {
            for (int i = span.from(); i < span.to(); i++) {
                blank(text, i);
            }
            int comma = span.to();
            while (comma < text.length && text[comma] != ',') {
                int next = afterBlank(text, comma);
                if (next == comma) {
                    return;
                }
                comma = next;
            }
            if (comma < text.length) {
                blank(text, comma);
            }
        }

        private static void blank(char[] text, int at) {
            if (text[at] != '\n' && text[at] != '\r') {
                text[at] = ' ';
            }
        }

        /** After one character of white space, or one comment; the same place where neither is. */
        private static int afterBlank(char[] text, int at) {
            if (Character.isWhitespace(text[at])) {
                return at + 1;
            }
            if (text[at] != '/' || at + 1 == text.length) {
                return at;
            }
            boolean isLine = text[at + 1] == '/';
            int next = isLine ? at + 2 : at + 3;
            while (next < text.length && !(isLine ? text[next] == '\n' : text[next - 1] == '*' && text[next] == '/')) {
                next++;
            }
            return Math.min(next + 1, text.length);
        }
    }
}
