package dev.wayleave.json.engine;

import dev.wayleave.access.ExplainedRule;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The types that are not records, and are written as another type is: nodes, users, and sets of them. */
final class Forms {

    static final Map<Class<?>, Form<?, ?>> ALL = Map.of(
            Node.class, new Form<>(NodeForm.class, NodeForm::of, NodeForm::node),
            User.class, new Form<>(UserForm.class, UserForm::of, UserForm::user),
            Users.class, new Form<>(listType(0), Users::all, (List<User> all) -> Users.of(all)),
            AddressSet.class,
                    new Form<>(listType(1), AddressSet::ranges, (List<IpRange> ranges) -> AddressSet.ofRanges(ranges)),
            ViewChange.class, new Form<>(ViewChangeForm.class, ViewChangeForm::of, ViewChangeForm::change),
            ViewChanges.class, new Form<>(ViewChangesForm.class, ViewChangesForm::of, ViewChangesForm::viewChanges));

    private Forms() {}

    /** The types of lists. */
    private record Lists(List<User> users, List<IpRange> ranges) {}

    private static Type listType(int component) {
        return Lists.class.getRecordComponents()[component].getGenericType();
    }

    /**
     * A type and how its values are written.
     *
     * @param type the type that is written in its place
     */
    record Form<T, F>(Type type, Function<T, F> writer, Function<F, T> reader) {

        @SuppressWarnings("unchecked")
        Codec codec(Codec form) {
            return new Codec() {
                @Override
                public void write(JsonGenerator json, Object value) {
                    form.write(json, writer.apply((T) value));
                }

                @Override
                public Object read(String place, Object tree) {
                    F read = (F) form.read(place, tree);
                    return Codec.guarded(place, tree, () -> reader.apply(read));
                }
            };
        }
    }

    /** A node. A node belongs to a user or carries tags; what is absent is empty or false. */
    record NodeForm(
            NodeId id,
            @Nullable String hostKeyOrNull,
            String name,
            @Nullable UserId userOrNull,
            @Nullable SortedSet<Tag> tagsOrNull,
            @Nullable List<IpAddress> addressesOrNull,
            Instant registeredAt,
            @Nullable Instant keyExpiryOrNull,
            @Nullable Boolean ephemeralOrNull) {

        static NodeForm of(Node node) {
            return new NodeForm(
                    node.id(),
                    node.hostKey().equals(node.id().toString()) ? null : node.hostKey(),
                    node.name(),
                    node.owner() instanceof Owner.OfUser owner ? owner.id() : null,
                    node.owner() instanceof Owner.Tagged owner ? owner.tags() : null,
                    node.addresses().isEmpty() ? null : node.addresses(),
                    node.registeredAt(),
                    node.keyExpiry().orElse(null),
                    node.isEphemeral() ? true : null);
        }

        Node node() {
            Node.Builder builder = Node.builder(id, name, owner())
                    .registeredAt(registeredAt)
                    .keyExpiry(keyExpiryOrNull)
                    .ephemeral(Boolean.TRUE.equals(ephemeralOrNull));
            Optional.ofNullable(hostKeyOrNull).ifPresent(builder::hostKey);
            Optional.ofNullable(addressesOrNull).ifPresent(addresses -> addresses.forEach(builder::address));
            return builder.build();
        }

        private Owner owner() {
            if ((userOrNull == null) == (tagsOrNull == null)) {
                throw new IllegalArgumentException("it must have either `user` or `tags`");
            }
            return userOrNull == null
                    ? Owner.tags(Optional.ofNullable(tagsOrNull).orElseThrow())
                    : Owner.user(userOrNull);
        }
    }

    /** A user without a role is a member; a user without {@code sharedIn} is not shared in. */
    record UserForm(
            UserId id,
            String name,
            @Nullable String emailOrNull,
            @Nullable Role roleOrNull,
            @Nullable Boolean sharedInOrNull) {

        static UserForm of(User user) {
            return new UserForm(
                    user.id(),
                    user.name(),
                    user.email().orElse(null),
                    user.role() == Role.MEMBER ? null : user.role(),
                    user.isSharedIn() ? true : null);
        }

        User user() {
            User.Builder builder = User.builder(id, name).sharedIn(Boolean.TRUE.equals(sharedInOrNull));
            Optional.ofNullable(emailOrNull).ifPresent(builder::email);
            Optional.ofNullable(roleOrNull).ifPresent(builder::role);
            return builder.build();
        }
    }

    /** The difference of two views. */
    record ViewChangesForm(List<ViewChange> changes) {

        static ViewChangesForm of(ViewChanges changes) {
            return new ViewChangesForm(changes.changes());
        }

        ViewChanges viewChanges() {
            return ViewChanges.of(changes);
        }
    }

    /** Viewers whose filters changed alike are written once. */
    record ViewChangeForm(
            SortedSet<NodeId> viewers,
            ViewChange.SelfChange self,
            List<PeerChange> peers,
            List<RouteChange> routes,
            List<FilterForm> filters) {

        static ViewChangeForm of(ViewChange change) {
            Map<ViewChange.FilterChange, SortedSet<NodeId>> alike = new LinkedHashMap<>();
            change.filters()
                    .forEach((viewer, filter) ->
                            alike.computeIfAbsent(filter, f -> new TreeSet<>()).add(viewer));
            List<FilterForm> filters = new ArrayList<>();
            alike.forEach((filter, viewers) -> filters.add(new FilterForm(viewers, filter.gained(), filter.lost())));
            return new ViewChangeForm(change.viewers(), change.self(), change.peers(), change.routes(), filters);
        }

        ViewChange change() {
            Map<NodeId, ViewChange.FilterChange> byViewer = new HashMap<>();
            for (FilterForm form : filters) {
                for (NodeId viewer : form.viewers()) {
                    if (byViewer.put(viewer, new ViewChange.FilterChange(form.gained(), form.lost())) != null) {
                        throw new IllegalArgumentException("node " + viewer + " has two filter changes");
                    }
                }
            }
            return ViewChange.of(viewers, self, peers, routes, byViewer);
        }
    }

    /** The change of the packet filters of some viewers. */
    record FilterForm(SortedSet<NodeId> viewers, List<ExplainedRule> gained, List<ExplainedRule> lost) {}
}
