package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.LastHeardTimes.LastHeardTime;
import dev.wayleave.mesh.NodeId;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The tree of times against a plain map. */
class LastHeardTimesPropertyTest {

    @Property(tries = 100)
    void theEarliestTimeIsOfTheNodeThatWasSilentForTheLongest(
            @ForAll @Size(max = 600) List<@IntRange(max = 99) Integer> numbers) {
        LastHeardTimes heard = LastHeardTimes.none();
        TreeMap<Integer, LastHeardTime> bySlot = new TreeMap<>();
        for (int number : numbers) {
            LastHeardTime each = new LastHeardTime(new NodeId(number + 1), number * 31L % 97);
            if (number % 5 == 0 && !bySlot.isEmpty()) {
                int slot = bySlot.firstKey() + number % (bySlot.lastKey() - bySlot.firstKey() + 1);
                if (bySlot.remove(slot) != null) {
                    heard = heard.without(slot);
                }
            } else if (number % 5 == 1 && !bySlot.isEmpty()) {
                int slot = bySlot.lastKey();
                bySlot.put(slot, each);
                heard = heard.with(slot, each);
            } else {
                int slot = heard.freeSlot();
                assertThat(bySlot.put(slot, each)).isNull();
                heard = heard.plus(slot, each);
            }
            long earliest =
                    bySlot.values().stream().mapToLong(LastHeardTime::at).min().orElse(Deadline.NEVER);
            assertThat(heard.earliestTime()).isEqualTo(earliest);
            if (bySlot.isEmpty()) {
                assertThat(heard.earliest()).isNull();
            } else {
                assertThat(heard.earliest().at()).isEqualTo(earliest);
                assertThat(bySlot.values()).contains(heard.earliest());
            }
            LastHeardTimes shifted = heard.shifted(-1_000);
            for (int slot : bySlot.keySet()) {
                assertThat(heard.at(slot)).isEqualTo(bySlot.get(slot).at());
                assertThat(shifted.at(slot)).isEqualTo(bySlot.get(slot).at() - 1_000);
            }
            assertThat(shifted.freeSlot()).isEqualTo(heard.freeSlot());
            assertThat(shifted.earliestTime())
                    .isEqualTo(earliest == Deadline.NEVER ? Deadline.NEVER : earliest - 1_000);
        }
    }
}
