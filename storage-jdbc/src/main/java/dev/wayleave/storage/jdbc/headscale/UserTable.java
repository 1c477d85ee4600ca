package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.mesh.NameRules;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundUser;
import dev.wayleave.storage.jdbc.headscale.RowReason.NoRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The users: the table {@code users}, or {@code namespaces} as it was called up to 0.18. */
final class UserTable {

    /** Who the user is at an identity provider. */
    static final String IDENTIFIER = "provider_identifier";

    private static final UserId NOBODY = new UserId("headscale-nobody");

    /** By key, in the order of the rows. */
    private final Map<UserId, FoundUser> users = new LinkedHashMap<>();

    void read(RawTable table, List<ImportFinding> findings) {
        LenientRow.all(table, findings).forEach(this::add);
    }

    List<FoundUser> all() {
        return List.copyOf(users.values());
    }

    private void add(LenientRow row) {
        Optional<Long> number = row.number("id");
        if (number.isEmpty()) {
            row.report(new RowReason.RowLeftOut(NoRow.WITHOUT_ID));
            return;
        }
        UserId id = new UserId(number.get().toString());
        if (!row.isNull("deleted_at")) {
            row.report(new RowReason.RowLeftOut(NoRow.DELETED));
        } else if (users.containsKey(id)) {
            row.report(new RowReason.RowLeftOut(NoRow.SAME_ID));
        } else {
            String name = row.name("name", NameRules.LONGEST_NAME).orElse(null);
            String email = email(row, name).orElse(null);
            User.Builder user = User.builder(id, name == null ? standIn(row, id, email) : name);
            if (email != null) {
                user.email(email);
            }
            users.put(
                    id,
                    new FoundUser(
                            row.table(),
                            row.id(),
                            user.build(),
                            row.text(IDENTIFIER).orElse(null)));
        }
    }

    /**
     * Headscale compares what a policy writes with e-mail and name alike; here a text with an {@code @} inside is an
     * e-mail. So the name is the e-mail, if it is one and there is no other.
     */
    private static Optional<String> email(LenientRow row, @Nullable String name) {
        Optional<String> email = row.name("email", NameRules.LONGEST_NAME);
        Optional<String> asName =
                Optional.ofNullable(name).filter(text -> text.indexOf('@') > 0 && !text.endsWith("@"));
        if (email.isEmpty() && asName.isPresent()) {
            row.report(new RowReason.Replaced("email", "is empty, and the name is one", asName.get()));
        }
        return email.or(() -> asName);
    }

    /** A user of an identity provider may have no name of its own: then the e-mail is what policies write anyway. */
    private static String standIn(LenientRow row, UserId id, @Nullable String email) {
        String standIn =
                email == null ? row.name("display_name", NameRules.LONGEST_NAME).orElse("headscale-user-" + id) : email;
        row.report(new RowReason.Replaced("name", "is empty or cannot be a name", standIn));
        return standIn;
    }

    /** The user whom a node names, or one who is made for it. */
    UserId owner(LenientRow node, String column) {
        Optional<Long> number = node.number(column);
        UserId id = number.map(value -> new UserId(value.toString())).orElse(NOBODY);
        FoundUser known = users.get(id);
        // nobody is who was made before; the finding comes for each node
        if (known == null || known.table().equals(node.table())) {
            String name = number.isPresent() ? "headscale-user-" + id : NOBODY.value();
            users.putIfAbsent(
                    id,
                    new FoundUser(
                            node.table(), node.id(), User.builder(id, name).build(), null));
            node.report(new NodeReason.OwnerMissing(
                    column, number.map(Object::toString).orElse(null), id));
        }
        return id;
    }
}
