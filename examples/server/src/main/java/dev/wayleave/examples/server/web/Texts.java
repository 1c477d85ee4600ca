package dev.wayleave.examples.server.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads the target of a request, and shows what came from outside. */
final class Texts {

    private static final int SHOWN = 100;

    private Texts() {}

    /** Cut, and without characters that a terminal or a reader could stumble over. */
    static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return cut.codePoints()
                .mapToObj(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE
                        ? String.format("\\u%04x", c)
                        : Character.toString(c))
                .collect(Collectors.joining());
    }

    /** The segments of a path. */
    static List<String> path(String raw) {
        if (!raw.startsWith("/")) {
            throw ApiException.badRequest("the path has to begin with a slash");
        }
        List<String> segments = new ArrayList<>();
        for (String part : raw.substring(1).split("/", -1)) {
            segments.add(decoded(part, false));
        }
        return segments;
    }

    /** The parameters of a query. */
    static Map<String, String> query(String raw) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (raw.isEmpty()) {
            return parameters;
        }
        for (String part : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = decoded(equals < 0 ? part : part.substring(0, equals), true);
            String value = equals < 0 ? "" : decoded(part.substring(equals + 1), true);
            if (parameters.put(name, value) != null) {
                throw ApiException.badRequest("parameter `" + shown(name) + "` comes twice");
            }
        }
        return parameters;
    }

    private static String decoded(String text, boolean plusIsBlank) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 4);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 <= text.length() - 1 ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw ApiException.badRequest("a percent sign in the target is not followed by two digits");
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else if (c == '+' && plusIsBlank) {
                bytes.put((byte) ' ');
            } else if (c < 0x80) {
                bytes.put((byte) c);
            } else {
                throw ApiException.badRequest("a character of the target has to be written with percent signs");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw ApiException.badRequest("the target is no UTF-8");
        }
    }
}
