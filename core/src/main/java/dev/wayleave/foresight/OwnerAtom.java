package dev.wayleave.foresight;

import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A kind of owner that two policies cannot tell apart any further. An owner may be of several: an admin who is also
 * named is of both kinds, and rules open to the owner what they open to either. So a difference for an owner is always
 * a difference for one of its kinds.
 *
 * @param textOrNull how policies name this one user; null for other atoms
 * @param domainOrNull the domain of the users' e-mail addresses, if a policy names it
 * @param roleOrNull the role of the users; null for tagged nodes
 * @param shared whether the users are shared in from another tailnet
 * @param tagOrNull the tag of the nodes; null for users, and for a tag that no policy names
 */
record OwnerAtom(
        @Nullable String textOrNull,
        @Nullable String domainOrNull,
        @Nullable Role roleOrNull,
        boolean shared,
        @Nullable Tag tagOrNull) {

    /** All kinds of owners that some selectors can tell apart, those that are named first. */
    static List<OwnerAtom> of(Set<Selector> selectors) {
        Set<String> domains = new HashSet<>();
        selectors.stream()
                .filter(Selector.UserDomain.class::isInstance)
                .forEach(domain -> domains.add(((Selector.UserDomain) domain).domain()));
        LinkedHashSet<OwnerAtom> atoms = new LinkedHashSet<>();
        List<String> texts = selectors.stream()
                .filter(Selector.UserName.class::isInstance)
                .map(Selector::text)
                .sorted()
                .toList();
        for (String text : texts) {
            String domain = text.substring(text.lastIndexOf('@') + 1);
            atoms.add(new OwnerAtom(text, domains.contains(domain) ? domain : null, Role.MEMBER, false, null));
        }
        selectors.stream()
                .filter(Selector.Tagged.class::isInstance)
                .map(tagged -> ((Selector.Tagged) tagged).tag())
                .sorted()
                .forEach(tag -> atoms.add(new OwnerAtom(null, null, null, false, tag)));
        domains.stream().sorted().forEach(domain -> atoms.add(new OwnerAtom(null, domain, Role.MEMBER, false, null)));
        for (Role role : Role.values()) {
            if (selectors.stream().anyMatch(selector -> namesRole(selector, role))) {
                atoms.add(new OwnerAtom(null, null, role, false, null));
            }
        }
        atoms.add(new OwnerAtom(null, null, Role.MEMBER, false, null));
        atoms.add(new OwnerAtom(null, null, null, false, null));
        texts.forEach(text -> atoms.add(new OwnerAtom(text, null, Role.MEMBER, true, null)));
        atoms.add(new OwnerAtom(null, null, Role.MEMBER, true, null));
        return List.copyOf(atoms);
    }

    private static boolean namesRole(Selector selector, @Nullable Role role) {
        return selector instanceof Autogroup autogroup
                && autogroup.role().filter(named -> named == role).isPresent();
    }

    boolean isUser() {
        return roleOrNull != null;
    }

    /** The selectors that name every owner of this kind. */
    List<Selector> selectors() {
        List<Selector> selectors = new ArrayList<>();
        if (textOrNull != null) {
            selectors.add(new Selector.UserName(textOrNull));
        }
        if (domainOrNull != null) {
            selectors.add(new Selector.UserDomain(domainOrNull));
        }
        if (tagOrNull != null) {
            selectors.add(new Selector.Tagged(tagOrNull));
        }
        if (shared) {
            selectors.add(Autogroup.SHARED);
        } else if (isUser()) {
            selectors.add(Autogroup.MEMBER);
            for (Autogroup autogroup : Autogroup.values()) {
                if (namesRole(autogroup, roleOrNull)) {
                    selectors.add(autogroup);
                }
            }
        } else {
            selectors.add(Autogroup.TAGGED);
        }
        return selectors;
    }

    /** Whether two kinds are the same one person, so that a node of one and a node of the other have one owner. */
    boolean isPersonOf(OwnerAtom other) {
        return textOrNull != null && textOrNull.equals(other.textOrNull);
    }

    /** The name that lists use for it. */
    String label() {
        if (textOrNull != null) {
            return textOrNull + (shared ? " (if shared in)" : " (unless shared in)");
        }
        if (!isUser()) {
            return tagOrNull == null ? "nodes with any other tag" : tagOrNull.value();
        }
        if (shared) {
            return "any other user who is shared in";
        }
        if (domainOrNull != null) {
            return "any other user of " + domainOrNull;
        }
        return Stream.of(Autogroup.values())
                .filter(autogroup -> namesRole(autogroup, roleOrNull))
                .findFirst()
                .map(Autogroup::text)
                .orElse("any other user");
    }

    /** A user of this kind whom no other selector names; empty for tagged nodes. */
    Optional<User> example(String name) {
        if (roleOrNull == null) {
            return Optional.empty();
        }
        String known = textOrNull != null && textOrNull.endsWith("@")
                ? textOrNull.substring(0, textOrNull.length() - 1)
                : name;
        User.Builder user = User.builder(new UserId(textOrNull == null ? name : textOrNull), known)
                .role(roleOrNull)
                .sharedIn(shared);
        if (textOrNull != null && !textOrNull.endsWith("@")) {
            return Optional.of(user.email(textOrNull).build());
        }
        return Optional.of(
                domainOrNull == null
                        ? user.build()
                        : user.email(name + "@" + domainOrNull).build());
    }

    /** The tag of a node of this kind; empty for users. */
    Optional<Tag> exampleTag() {
        if (isUser()) {
            return Optional.empty();
        }
        return Optional.of(tagOrNull == null ? new Tag("tag:any-other-tag") : tagOrNull);
    }
}
