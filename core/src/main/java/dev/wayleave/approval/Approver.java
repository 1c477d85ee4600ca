package dev.wayleave.approval;

import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NameRules;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Selector;
import java.util.Objects;

/**
 * The party that approved a route: an administrator, the policy or an import.
 *
 * <p><b>A new kind of approver.</b> {@link Selector} lists the places of a new kind of entry that a policy may have as
 * an auto-approver. A new approver beside administrators, the policy and imports needs a record here, its text in
 * {@code ApproverText}, its kind in {@code docs/json.md}, and an operation of {@link Approvals} that makes it.
 */
public sealed interface Approver extends NamedKind {

    /**
     * Prints who approved.
     *
     * @param names how texts call nodes and entries of the policy
     * @return for example {@code by `ada`}, or {@code by the policy: key `10.0.0.0/8`, approver `tag:router`, line 7}
     */
    String text(Names names);

    /**
     * Returns the approver in the form that databases keep and operators write; {@link #parse} reads it back.
     *
     * <pre>
     *   administrator alice@example.com
     *   policy routes 10.0.0.0/8 tag:router      the key, and the approver in its list
     *   policy exitNode group:travellers
     *   import headscale
     * </pre>
     *
     * @return one line
     */
    default String asText() {
        return ApproverText.write(this);
    }

    /**
     * Reads an approver.
     *
     * @param text in the form of {@link #asText}
     * @return the approver
     * @throws IllegalArgumentException if the text is anything else; the message names the part that is wrong, and why
     */
    static Approver parse(String text) {
        Objects.requireNonNull(text, "text");
        return ApproverText.read(text);
    }

    /**
     * An administrator approved it by hand.
     *
     * @param actor who
     */
    @Kind("administrator")
    record Administrator(Actor actor) implements Approver {

        public Administrator {
            Objects.requireNonNull(actor, "actor");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "by `" + actor + "`";
        }
    }

    /** The policy's section {@code autoApprovers} approved it on the administrator's behalf. */
    sealed interface AutoApprover extends Approver {

        /** {@return the path of the entry in the policy, for example {@code autoApprovers.exitNode.tag:exit}} */
        String entry();

        /** {@return the entry of the policy's list that names the node; a user, group, tag or autogroup} */
        Selector selector();
    }

    /**
     * A key under {@code autoApprovers.routes} covers the route and lists an approver that names the node.
     *
     * @param key the prefix that the policy wrote; the route itself or a wider one
     * @param selector the entry of its list
     */
    @Kind("route-approver")
    record RouteApprover(Prefix key, Selector selector) implements AutoApprover {

        @Override
        public String entry() {
            return "autoApprovers.routes." + key + "." + selector.text();
        }

        public RouteApprover {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(selector, "selector");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "by the policy: key `" + key + "`, approver `" + selector.text() + "`" + names.entry(entry());
        }
    }

    /**
     * {@code autoApprovers.exitNode} lists an approver that names the node.
     *
     * @param selector the entry of the list
     */
    @Kind("exit-node-approver")
    record ExitNodeApprover(Selector selector) implements AutoApprover {

        @Override
        public String entry() {
            return "autoApprovers.exitNode." + selector.text();
        }

        public ExitNodeApprover {
            Objects.requireNonNull(selector, "selector");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "by the policy: `exitNode`, approver `" + selector.text() + "`" + names.entry(entry());
        }
    }

    /**
     * It was approved in another system, and imported from there. Where texts have no times ({@link
     * Names#withoutTimes}), as of a control plane that is only read, the text names no import.
     *
     * @param source where from: the host's own text, 1 to 200 characters
     */
    @Kind("import")
    record Import(String source) implements Approver {

        /**
         * Checks the text.
         *
         * @throws IllegalArgumentException if it has a {@link NameRules#flaw}
         */
        public Import {
            Objects.requireNonNull(source, "source");
            NameRules.check("import source", source, NameRules.LONGEST_KEY);
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return (names.showsTimes() ? "by an import from `" : "in `") + source + "`";
        }
    }
}
