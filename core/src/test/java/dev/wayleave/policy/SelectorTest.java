package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.PolicyArbitraries;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

    static Stream<Arguments> spellings() {
        return Stream.of(
                Arguments.of("*", new Selector.Everything()),
                Arguments.of("alice@example.com", new Selector.UserName("alice@example.com")),
                Arguments.of("alice@", new Selector.UserName("alice@")),
                Arguments.of("alice+x.y_z@sub.example.com", new Selector.UserName("alice+x.y_z@sub.example.com")),
                Arguments.of("user:*@example.com", new Selector.UserDomain("example.com")),
                Arguments.of("group:admins", new Selector.Group("group:admins")),
                Arguments.of("group:admins@example.com", new Selector.Group("group:admins@example.com")),
                Arguments.of("tag:router-1", new Selector.Tagged(new Tag("tag:router-1"))),
                Arguments.of("ipset:office-1", new Selector.IpSet("ipset:office-1")),
                Arguments.of("webserver", new Selector.Host("webserver")),
                Arguments.of("web-1.example.com", new Selector.Host("web-1.example.com")),
                Arguments.of("10.0.0.1", new Selector.Address(IpAddress.parse("10.0.0.1"))),
                Arguments.of("fd00::1", new Selector.Address(IpAddress.parse("fd00::1"))),
                Arguments.of("10.0.0.1/32", new Selector.Network(Prefix.parse("10.0.0.1/32"))),
                Arguments.of("10.0.0.0/8", new Selector.Network(Prefix.parse("10.0.0.0/8"))),
                Arguments.of("fd00::/8", new Selector.Network(Prefix.parse("fd00::/8"))));
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void eachKindIsReadByItsSpelling(String text, Selector selector) {
        assertThat(Selector.parse(text)).isEqualTo(selector);
        assertThat(selector.text()).isEqualTo(text);
    }

    @Test
    void everyKindIsSpelledHere() {
        assertThat(spellings().<Class<?>>map(each -> each.get()[1].getClass()))
                .containsAll(kinds(kind -> !kind.isEnum()));
    }

    /** A kind that they lack would be compared with no slow twin. */
    @Test
    void theArbitrariesHaveEveryKindWhereItIsAllowed() {
        List<Selector> sources =
                PolicyArbitraries.sourceSelectors().allValues().orElseThrow().toList();

        assertThat(sources).<Class<?>>map(Object::getClass).containsAll(kinds(kind -> true));
        assertThat(PolicyArbitraries.approverSelectors().allValues().orElseThrow())
                .hasSameElementsAs(sources.stream()
                        .filter(SelectorPosition.APPROVER::allows)
                        .toList());
    }

    private static List<Class<?>> kinds(Predicate<Class<?>> some) {
        return Stream.<Class<?>>of(Selector.class.getPermittedSubclasses())
                .filter(some)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Selector.Autogroup.class)
    void autogroupsAreReadByTheirText(Selector.Autogroup autogroup) {
        assertThat(Selector.parse(autogroup.text())).isEqualTo(autogroup);
    }

    @Test
    void addressesAreWrittenInTheirUsualSpelling() {
        assertThat(Selector.parse("FD00:0::1").text()).isEqualTo("fd00::1");
        assertThat(Selector.parse("2001:DB8:0:0::/32").text()).isEqualTo("2001:db8::/32");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a\tb",
                "@",
                "@example.com",
                "user:alice@example.com",
                "user:*@",
                "group:",
                "group:a b",
                "tag:",
                "tag:1",
                "tag:a_b",
                "autogroup:",
                "autogroup:none",
                "ipset:",
                "ipset:a b",
                "svc:a",
                "host:a",
                "a/b",
                "a:b",
                "**",
                "a,b",
                "10.0.0.0/33",
                "10.0.0.1-10.0.0.2",
                "10",
                "10.0.0",
                "1.2.3.4.5",
                "fd00:::1",
                "alice@a:b",
                "\u00a0",
                "a\u2028b"
            })
    void aTextThatNamesNothingIsRefused(String text) {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> Selector.parse(text))
                .satisfies(e -> assertThat(e.problems())
                        .singleElement()
                        .satisfies(problem -> assertThat(problem.line()).isZero()));
    }

    /** In the text of a policy they are read with a notice; in code no author would read it. */
    @Test
    void aTextThatWouldNeedANoticeIsRefusedInCode() {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> Selector.parse("10.0.0.1/8"))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(PolicyProblem::code)
                        .containsExactly(PolicyProblem.Code.HOST_BITS))
                .withMessageContaining("`10.0.0.0/8`");
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> Selector.parse("autogroup:members"))
                .withMessageContaining("`autogroup:member`");
    }

    @Test
    void valuesThatNoPolicyCouldWriteAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.UserName("alice"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.Group("admins"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.UserDomain("*@example.com"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Selector.Host("alice@"))
                .withMessageContaining("`alice@`");
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.Host("10.0.0.1"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.Host("10.0.0.1-10.0.0.9"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.Host("#lan"));
    }

    /** Which kinds are allowed, place by place. */
    @Test
    void aSelectorMayStandOnlyWhereItMeansSomething() {
        Selector everything = Selector.parse("*");
        Selector user = Selector.parse("alice@");
        Selector domain = Selector.parse("user:*@example.com");
        Selector group = Selector.parse("group:a");
        Selector tag = Selector.parse("tag:a");
        Selector host = Selector.parse("web");
        Selector address = Selector.parse("10.0.0.1");
        Selector network = Selector.parse("10.0.0.0/8");

        assertThat(allowed(SelectorPosition.VIA, everything, user, domain, group, tag, host, address, network))
                .containsExactly(tag);
        assertThat(allowed(SelectorPosition.GROUP_MEMBER, everything, user, domain, group, tag, host, address))
                .containsExactly(user);
        assertThat(allowed(SelectorPosition.TAG_OWNER, everything, user, domain, group, tag, host, address, network))
                .containsExactly(user, group, tag);
        assertThat(allowed(SelectorPosition.APPROVER, everything, user, domain, group, tag, host, address, network))
                .containsExactly(user, group, tag);
        for (SelectorPosition place : EnumSet.of(SelectorPosition.SOURCE, SelectorPosition.DESTINATION)) {
            assertThat(allowed(place, everything, user, domain, group, tag, host, address, network))
                    .containsExactly(everything, user, domain, group, tag, host, address, network);
        }
    }

    @Test
    void autogroupsMayStandOnlyWhereTheyMeanSomething() {
        Set<Selector.Autogroup> roles = EnumSet.of(
                Selector.Autogroup.ADMIN,
                Selector.Autogroup.NETWORK_ADMIN,
                Selector.Autogroup.IT_ADMIN,
                Selector.Autogroup.BILLING_ADMIN,
                Selector.Autogroup.AUDITOR,
                Selector.Autogroup.OWNER);
        assertThat(autogroups(SelectorPosition.SOURCE))
                .isEqualTo(plus(
                        roles,
                        Selector.Autogroup.MEMBER,
                        Selector.Autogroup.TAGGED,
                        Selector.Autogroup.DANGER_ALL,
                        Selector.Autogroup.SHARED));
        assertThat(autogroups(SelectorPosition.DESTINATION))
                .isEqualTo(plus(
                        roles,
                        Selector.Autogroup.MEMBER,
                        Selector.Autogroup.TAGGED,
                        Selector.Autogroup.SELF,
                        Selector.Autogroup.INTERNET));
        assertThat(autogroups(SelectorPosition.APPROVER))
                .isEqualTo(plus(roles, Selector.Autogroup.MEMBER, Selector.Autogroup.TAGGED));
        assertThat(autogroups(SelectorPosition.TAG_OWNER)).isEqualTo(plus(roles, Selector.Autogroup.MEMBER));
        assertThat(autogroups(SelectorPosition.GROUP_MEMBER)).isEmpty();
        assertThat(autogroups(SelectorPosition.VIA)).isEmpty();
    }

    private static Stream<Selector> allowed(SelectorPosition place, Selector... selectors) {
        return Stream.of(selectors).filter(place::allows);
    }

    private static Set<Selector.Autogroup> autogroups(SelectorPosition place) {
        EnumSet<Selector.Autogroup> result = EnumSet.allOf(Selector.Autogroup.class);
        result.removeIf(autogroup -> !place.allows(autogroup));
        return result;
    }

    private static Set<Selector.Autogroup> plus(Set<Selector.Autogroup> some, Selector.Autogroup... more) {
        EnumSet<Selector.Autogroup> result = EnumSet.copyOf(some);
        result.addAll(Set.of(more));
        return result;
    }
}
