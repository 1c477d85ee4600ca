package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicyNotice.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Circles among tags are found by components; here they are found by walking from every owner. */
class TagCyclePropertyTest {

    private static final List<String> TAGS = List.of("tag:a", "tag:b", "tag:c", "tag:d", "tag:e", "tag:f");

    @Provide
    Arbitrary<Map<String, List<String>>> owners() {
        return Arbitraries.of(TAGS)
                .list()
                .uniqueElements()
                .ofMaxSize(2)
                .list()
                .ofSize(TAGS.size())
                .map(lists -> {
                    Map<String, List<String>> owners = new TreeMap<>();
                    for (int i = 0; i < lists.size(); i++) {
                        owners.put(TAGS.get(i), lists.get(i));
                    }
                    return owners;
                });
    }

    @Property(tries = 500)
    void noTagOwnsItselfWithoutTheOwnersThatANoticeNames(@ForAll("owners") Map<String, List<String>> owners) {
        Map<String, List<String>> left = new TreeMap<>();
        owners.forEach((tag, list) -> left.put(tag, new ArrayList<>(list)));
        List<PolicyNotice> notices = PolicyReader.read(text(owners)).notices();
        assertThat(notices).extracting(PolicyNotice::code).allMatch(code -> code == Code.TAG_CYCLE);
        for (PolicyNotice notice : notices) {
            assertThat(ownsItself(closing(notice, owners), owners)).isTrue();
        }
        for (int i = notices.size() - 1; i >= 0; i--) {
            String tag = tag(notices.get(i));
            left.get(tag).remove(index(notices.get(i)));
        }
        assertThat(TAGS).noneMatch(tag -> ownsItself(tag, left));
    }

    @Property(tries = 500)
    void aPolicyWithoutACircleHasNoNotice(@ForAll("owners") Map<String, List<String>> owners) {
        boolean circle = TAGS.stream().anyMatch(tag -> ownsItself(tag, owners));
        assertThat(PolicyReader.read(text(owners)).notices().isEmpty()).isEqualTo(!circle);
    }

    /** The owner who closes a circle adds nothing; every other one on the way counts. */
    @Property(tries = 500)
    void aUserMayTagWhatTheWayToItOwns(@ForAll("owners") Map<String, List<String>> owners) {
        User user = User.builder(new UserId("1"), "ann").build();
        Map<String, List<String>> withUser = new TreeMap<>(owners);
        withUser.put("tag:f", List.of("ann@"));
        RoutingPolicy policy = PolicyReader.read(text(withUser));
        for (String tag : TAGS) {
            assertThat(policy.mayTag(user, new Tag(tag), Users.of(user)).isAllowed())
                    .isEqualTo(reachable(tag, withUser).contains("ann@"));
        }
    }

    private static String text(Map<String, List<String>> owners) {
        return owners.entrySet().stream()
                .map(entry -> """
                        "%s": %s""".formatted(
                        entry.getKey(),
                        entry.getValue().stream().map("\"%s\""::formatted).toList()))
                .collect(Collectors.joining(", ", "{\"tagOwners\": {", "}}"));
    }

    /** From an element such as {@code tagOwners["tag:a"][1]}. */
    private static String tag(PolicyNotice notice) {
        return notice.element().split("\"", -1)[1];
    }

    private static int index(PolicyNotice notice) {
        String element = notice.element();
        return Integer.parseInt(element.substring(element.lastIndexOf('[') + 1, element.length() - 1));
    }

    private static String closing(PolicyNotice notice, Map<String, List<String>> owners) {
        return owners.get(tag(notice)).get(index(notice));
    }

    private static boolean ownsItself(String tag, Map<String, List<String>> owners) {
        return owners.get(tag).stream()
                .anyMatch(owner -> reachable(owner, owners).contains(tag));
    }

    private static TreeSet<String> reachable(String from, Map<String, List<String>> owners) {
        TreeSet<String> found = new TreeSet<>(List.of(from));
        while (true) {
            TreeSet<String> more = new TreeSet<>(found);
            found.forEach(tag -> more.addAll(owners.getOrDefault(tag, List.of())));
            if (more.equals(found)) {
                return found;
            }
            found = more;
        }
    }
}
