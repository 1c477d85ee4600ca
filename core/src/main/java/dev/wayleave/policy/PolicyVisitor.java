package dev.wayleave.policy;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;

/** Is shown what a policy defines and whom it names, each with its place, while the policy is read. */
interface PolicyVisitor {

    /** For a policy that no other visitor reads. */
    PolicyVisitor NONE = new PolicyVisitor() {};

    /** A selector in a section that opens or approves something. */
    default void selector(Selector selector, JsonValue.Path spot) {}

    /** A selector in {@code tests}, {@code ssh}, {@code sshTests} or {@code nodeAttrs}, which open nothing here. */
    default void mention(Selector selector, JsonValue.Path spot) {}

    /** An entry of {@code hosts}. */
    default void host(String name, Prefix prefix, JsonValue.Path spot) {}

    /** An entry of {@code tagOwners}. */
    default void tag(Tag tag, JsonValue.Path spot) {}
}
