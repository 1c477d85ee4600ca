package dev.wayleave.policy;

import dev.wayleave.internal.Copies;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;

/**
 * One entry of the policy's section {@code ipsets}: how a named set of addresses is made. Rules name it as
 * {@code ipset:office}, and treat each prefix of {@link RoutingPolicy#ipSets(AddressSet)} as that prefix in its place.
 *
 * <p>Two definitions are equal if their operations are, regardless of the result.
 *
 * @param operations what is added and removed, in the order in which it happens
 */
public record IpSetDefinition(List<Operation> operations) {

    public IpSetDefinition {
        operations = Copies.list(operations, "operations");
    }

    /**
     * One step in the making of a set.
     *
     * @param removes whether the target is taken out of the set and not put into it
     * @param target which addresses
     */
    public record Operation(boolean removes, Target target) {

        /** Rejects null. */
        public Operation {
            Objects.requireNonNull(target, "target");
        }

        /**
         * Reads an operation as policies write it.
         *
         * @param text a target, perhaps after {@code add} or {@code remove} and a blank: an address, a prefix, a range
         *     such as {@code 10.0.0.1-10.0.0.9}, a host such as {@code host:lan} or {@code lan}, {@code ipset:office},
         *     or {@code autogroup:internet}
         * @return the operation
         * @throws PolicyException if the text is anything else
         */
        public static Operation parse(String text) {
            Objects.requireNonNull(text, "text");
            return Problems.orThrow(complaint -> IpSetText.operation(text, complaint));
        }

        /** {@return the operation as policies write it, for example {@code remove 10.2.9.0/24}} */
        @Override
        public String toString() {
            return (removes ? "remove " : "add ") + target.text();
        }
    }

    /** The addresses of one operation. */
    public sealed interface Target {

        /** {@return the target as policies write it, for example {@code host:lan}} */
        String text();

        /**
         * A block of addresses.
         *
         * @param prefix the block; one of full length for an address
         */
        record Block(Prefix prefix) implements Target {

            /** Rejects null. */
            public Block {
                Objects.requireNonNull(prefix, "prefix");
            }

            @Override
            public String text() {
                return prefix.toString();
            }
        }

        /**
         * All addresses from a first to a last.
         *
         * @param range the addresses
         */
        record Range(IpRange range) implements Target {

            /** Rejects null. */
            public Range {
                Objects.requireNonNull(range, "range");
            }

            @Override
            public String text() {
                return range.first() + "-" + range.last();
            }
        }

        /**
         * A name from the policy's section {@code hosts}.
         *
         * @param name the name
         */
        record NamedHost(String name) implements Target {

            /** Rejects null. */
            public NamedHost {
                Objects.requireNonNull(name, "name");
            }

            @Override
            public String text() {
                return IpSetText.HOST + name;
            }
        }

        /**
         * Another set.
         *
         * @param name the whole text, for example {@code ipset:office}
         */
        record Nested(String name) implements Target {

            /** Rejects null. */
            public Nested {
                Objects.requireNonNull(name, "name");
            }

            @Override
            public String text() {
                return name;
            }
        }

        /** The public internet, as {@code autogroup:internet} has it. */
        record Internet() implements Target {
            @Override
            public String text() {
                return Selector.Autogroup.INTERNET.text();
            }
        }
    }
}
