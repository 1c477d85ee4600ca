package dev.wayleave.testing;

import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.util.List;

/** A source or a destination: how the filter writes it, what it covers, and whether it stands for a node. */
public record NaiveItem(String text, List<Span> spans, boolean ofNode) {

    NaiveItem(String text, List<Span> spans) {
        this(text, spans, false);
    }

    static NaiveItem of(IpAddress address) {
        return new NaiveItem(address.toString(), List.of(Span.of(address)), true);
    }

    static NaiveItem of(Prefix prefix) {
        return new NaiveItem(
                prefix.isSingleAddress() ? prefix.first().toString() : prefix.toString(), List.of(Span.of(prefix)));
    }

    boolean overlaps(Span span) {
        return spans.stream().anyMatch(span::overlaps);
    }

    /** A range of addresses of one family. */
    public record Span(IpAddress first, IpAddress last) {

        static Span of(String text) {
            if (text.contains("/")) {
                return of(Prefix.parse(text));
            }
            String[] ends = text.split("-");
            return new Span(IpAddress.parse(ends[0]), IpAddress.parse(ends[ends.length - 1]));
        }

        static Span of(Prefix prefix) {
            return new Span(prefix.first(), prefix.last());
        }

        static Span of(IpAddress address) {
            return new Span(address, address);
        }

        boolean overlaps(Span other) {
            return first.isIpv4() == other.first.isIpv4()
                    && first.compareTo(other.last) <= 0
                    && other.first.compareTo(last) <= 0;
        }

        boolean contains(Span other) {
            return first.isIpv4() == other.first.isIpv4()
                    && first.compareTo(other.first) <= 0
                    && other.last.compareTo(last) <= 0;
        }
    }
}
