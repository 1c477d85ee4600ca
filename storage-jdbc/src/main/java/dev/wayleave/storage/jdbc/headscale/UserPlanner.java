package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundUser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the user of the tailnet for each imported user: the one that it knows already, or a new one. */
final class UserPlanner {

    private final ImportReport report;
    private final RoutingState state;
    private final Findings findings;

    /** By the id in Headscale, the id in the tailnet. */
    private final Map<UserId, UserId> ids = new HashMap<>();

    UserPlanner(ImportReport report, RoutingState state, Findings findings) {
        this.report = report;
        this.state = state;
        this.findings = findings;
    }

    /** Decides all users, and returns the command that adds the new ones; empty if there is none. */
    Optional<Command> command() {
        List<User> added = new ArrayList<>();
        for (FoundUser found : report.users()) {
            User user = found.user();
            Optional<UserId> known = known(found);
            UserId id = known.orElseGet(() -> freeId(found));
            ids.put(user.id(), id);
            if (known.isEmpty()) {
                added.add(withId(id, user));
            }
        }
        return added.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Command.SetUsers(Users.of(Lists.joined(state.users().all(), added))));
    }

    /** {@return the id in the tailnet of a user with this id in Headscale; empty for a user that was not imported} */
    Optional<UserId> idInTailnet(UserId idInHeadscale) {
        return Optional.ofNullable(ids.get(idInHeadscale));
    }

    /**
     * Finds a user by id and name or e-mail, else only by name or e-mail: two users with one text would be a problem
     * in every policy.
     */
    private Optional<UserId> known(FoundUser found) {
        User user = found.user();
        Optional<User> sameId = state.users().find(user.id());
        if (sameId.filter(other -> isSame(user, other)).isPresent()) {
            return Optional.of(user.id());
        }
        Optional<UserId> named = user.email()
                .flatMap(this::only)
                .or(() -> only(user.name() + "@"))
                .map(User::id);
        named.ifPresent(id -> findings.add(found, new UserReason.UserMatched(user.name(), id)));
        return named;
    }

    private Optional<User> only(String text) {
        List<User> named = state.users().named(text);
        return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
    }

    private static boolean isSame(User one, User other) {
        return one.name().equals(other.name())
                || one.email()
                        .filter(email ->
                                other.email().filter(email::equalsIgnoreCase).isPresent())
                        .isPresent();
    }

    private UserId freeId(FoundUser found) {
        UserId id = found.user().id();
        if (state.users().find(id).isEmpty()) {
            return id;
        }
        UserId free = new UserId(HeadscaleImport.SOURCE + ":" + id);
        for (int i = 2; state.users().find(free).isPresent(); i++) {
            free = new UserId(HeadscaleImport.SOURCE + ":" + id + ":" + i);
        }
        findings.add(found, new UserReason.UserRenumbered(found.user().name(), free));
        return free;
    }

    private static User withId(UserId id, User user) {
        User.Builder renumbered =
                User.builder(id, user.name()).role(user.role()).sharedIn(user.isSharedIn());
        user.email().ifPresent(renumbered::email);
        return renumbered.build();
    }
}
