package dev.wayleave.examples.cli.text;

import dev.wayleave.mesh.NameRules;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The members of one JSON object, asked for by name and kind; what is of another kind is refused where it stands. */
public final class Fields {

    private final SourceText source;
    private final String what;
    private final Json.ObjectValue object;

    public Fields(SourceText source, String what, Json value) {
        if (!(value instanceof Json.ObjectValue found)) {
            throw source.refuse(value.place(), "expected " + what + " as an object, not " + value.kind());
        }
        this.source = source;
        this.what = what;
        this.object = found;
    }

    /** Refuses members of other names: a misspelt field must not be taken for an absent one. */
    public void allowOnly(Set<String> names) {
        object.members().forEach((name, member) -> {
            if (!names.contains(name)) {
                throw source.refuse(
                        member.place(), what + " has no field `" + name + "`" + NearNames.hint(name, names));
            }
        });
    }

    /** The member, unless it is absent or null. */
    public Optional<Json> find(String name) {
        return Optional.ofNullable(object.members().get(name))
                .map(Json.Member::value)
                .filter(value -> !(value instanceof Json.NullValue));
    }

    public Json need(String name) {
        return find(name).orElseThrow(() -> source.refuse(object.place(), what + " needs a field `" + name + "`"));
    }

    public long positiveNumber(String name) {
        Json value = need(name);
        if (value instanceof Json.NumberValue number && number.text().matches("[1-9][0-9]{0,17}")) {
            return Long.parseLong(number.text());
        }
        throw source.refuse(value.place(), "expected `" + name + "` as a positive whole number");
    }

    /** A whole number that is not negative. */
    public Optional<Integer> number(String name) {
        Optional<Json> found = find(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (found.get() instanceof Json.NumberValue number && number.text().matches("[0-9]{1,9}")) {
            return Optional.of(Integer.valueOf(number.text()));
        }
        throw source.refuse(found.get().place(), "expected `" + name + "` as a whole number");
    }

    public List<String> texts(String name) {
        return list(name).stream().map(element -> asText(name, element)).toList();
    }

    public Optional<String> text(String name) {
        return find(name).map(value -> asText(name, value));
    }

    /** The text of a member that the library takes for a name. */
    public String name(String name) {
        Json value = need(name);
        String text = asText(name, value);
        Optional<String> flaw = NameRules.flaw(text, NameRules.LONGEST_NAME);
        if (flaw.isPresent()) {
            throw source.refuse(value.place(), "`" + name + "` " + flaw.get());
        }
        return text;
    }

    public boolean flag(String name, boolean absent) {
        Optional<Json> found = find(name);
        if (found.isEmpty()) {
            return absent;
        }
        if (found.get() instanceof Json.BooleanValue flag) {
            return flag.value();
        }
        throw source.refuse(found.get().place(), "expected `" + name + "` as true or false");
    }

    public List<Json> list(String name) {
        Optional<Json> found = find(name);
        if (found.isEmpty()) {
            return List.of();
        }
        if (found.get() instanceof Json.ArrayValue list) {
            return list.elements();
        }
        throw source.refuse(
                found.get().place(),
                "expected `" + name + "` as a list, not " + found.get().kind());
    }

    public List<Tag> tags(String name) {
        List<Tag> tags = new ArrayList<>();
        for (Json element : list(name)) {
            String text = asText(name, element);
            if (!Tag.isValid(text)) {
                throw source.refuse(element.place(), "`" + text + "` is no tag: write `tag:` and a name");
            }
            tags.add(new Tag(text));
        }
        return tags;
    }

    public SortedSet<Prefix> prefixes(String name) {
        SortedSet<Prefix> prefixes = new TreeSet<>();
        for (Json element : list(name)) {
            try {
                prefixes.add(Prefix.parse(asText(name, element)));
            } catch (AddressFormatException malformed) {
                throw source.refuse(element.place(), malformed);
            }
        }
        return prefixes;
    }

    public Optional<IpAddress> address(String name, boolean ipv4) {
        Optional<Json> found = find(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Json value = found.get();
        try {
            IpAddress address = IpAddress.parse(asText(name, value));
            if (address.isIpv4() != ipv4) {
                throw source.refuse(value.place(), "`" + address + "` is no " + (ipv4 ? "IPv4" : "IPv6") + " address");
            }
            return Optional.of(address);
        } catch (AddressFormatException malformed) {
            throw source.refuse(value.place(), malformed);
        }
    }

    public BadInput refuse(String name, String message) {
        return source.refuse(need(name).place(), message);
    }

    private String asText(String name, Json value) {
        if (value instanceof Json.TextValue text) {
            return text.text();
        }
        throw source.refuse(value.place(), "expected `" + name + "` to hold a text, not " + value.kind());
    }
}
