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

/** Reads the users from the table {@code users}, which was {@code namespaces} up to 0.18. */
final class UserTable {

    /** The column with the identifier of the user at an identity provider. */
    static final String IDENTIFIER = "provider_identifier";

    private static final UserId NO_USER = new UserId("headscale-nobody");

    /** By id, in the order of the rows. */
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
     * Headscale compares a text of a policy with e-mail and name; in Wayleave a text with an {@code @} inside is an
     * e-mail. So a name that is an e-mail becomes the e-mail, if the user has no other.
     */
    private static Optional<String> email(LenientRow row, @Nullable String name) {
        Optional<String> email = row.name("email", NameRules.LONGEST_NAME);
        Optional<String> asName =
                Optional.ofNullable(name).filter(text -> text.indexOf('@') > 0 && !text.endsWith("@"));
        if (email.isEmpty() && asName.isPresent()) {
            row.report(new RowReason.Replaced("email", "is empty, and the name is an e-mail address", asName.get()));
        }
        return email.or(() -> asName);
    }

    /**
     * A user of an identity provider may have no name: then the e-mail is the name, because policies write it anyway.
     */
    private static String standIn(LenientRow row, UserId id, @Nullable String email) {
        String standIn =
                email == null ? row.name("display_name", NameRules.LONGEST_NAME).orElse("headscale-user-" + id) : email;
        row.report(new RowReason.Replaced("name", "is empty or cannot be a name", standIn));
        return standIn;
    }

    /** {@return the user that a node names, or a new user if there is no such user} */
    UserId owner(LenientRow node, String column) {
        Optional<Long> number = node.number(column);
        UserId id = number.map(value -> new UserId(value.toString())).orElse(NO_USER);
        FoundUser known = users.get(id);
        // a new user belongs to no row of users: each of its nodes has the finding
        if (known == null || known.table().equals(node.table())) {
            String name = number.isPresent() ? "headscale-user-" + id : NO_USER.value();
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
