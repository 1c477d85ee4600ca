package dev.wayleave.storage;

import java.util.ArrayList;
import java.util.List;

/** A session channel of a host, each method of which may throw. It carries nothing. */
final class FaultyChannel implements SessionChannel {

    /** The members that take part. */
    final List<Member> members = new ArrayList<>();

    private final PlantedFaults faults;

    FaultyChannel(PlantedFaults faults) {
        this.faults = faults;
    }

    @Override
    public Membership join(Member member) {
        faults.call("channel.join");
        members.add(member);
        return new Membership() {
            @Override
            public void wake() {
                faults.call("channel.wake");
            }

            @Override
            public void close() {
                members.remove(member);
                faults.call("channel.close");
            }
        };
    }
}
