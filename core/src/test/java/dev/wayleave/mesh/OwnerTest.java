package dev.wayleave.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OwnerTest {

    @Test
    void anOwnerIsAUserOrTags() {
        assertThat(Owner.user(new UserId("7"))).isEqualTo(new Owner.OfUser(new UserId("7")));
        assertThat(Owner.tags("tag:b", "tag:a", "tag:b"))
                .isEqualTo(Owner.tags(List.of(new Tag("tag:a"), new Tag("tag:b"))));
    }

    @Test
    void anOwnerSortsItsTags() {
        assertThat(((Owner.Tagged) Owner.tags("tag:b", "tag:a")).tags())
                .containsExactly(new Tag("tag:a"), new Tag("tag:b"));
    }

    @Test
    void anOwnerKeepsItsTagsWhateverBecomesOfTheCallersSet() {
        TreeSet<Tag> tags = new TreeSet<>(List.of(new Tag("tag:a")));
        Owner.Tagged owner = new Owner.Tagged(tags);
        tags.add(new Tag("tag:b"));
        assertThat(owner.tags()).containsExactly(new Tag("tag:a"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> owner.tags().add(new Tag("tag:c")));
    }

    @Test
    void aTaggedOwnerIsNeverWithoutAnyTag() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Owner.tags(List.of()))
                .withMessageContaining("tag");
        assertThatIllegalArgumentException().isThrownBy(() -> Owner.tags("router"));
    }
}
