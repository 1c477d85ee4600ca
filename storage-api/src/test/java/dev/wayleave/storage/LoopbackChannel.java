package dev.wayleave.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Carries the messages of the processes in one test, when the test says so. */
final class LoopbackChannel implements SessionChannel {

    private final List<Member> members = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private boolean fails;

    @Override
    public Membership join(Member member) {
        members.add(member);
        return new Membership() {
            @Override
            public void wake() {
                // the test asks
            }

            @Override
            public void close() {
                members.remove(member);
            }
        };
    }

    /** From now on no message can be sent, or each can. */
    void fails(boolean next) {
        fails = next;
    }

    void send(String text) {
        sent.add(text);
    }

    /** All messages so far are lost. */
    void lose() {
        collect();
        sent.clear();
    }

    void listening() {
        List.copyOf(members).forEach(Member::listening);
    }

    /** Delivers the messages; false if there was none. */
    boolean deliver() {
        collect();
        List<String> arriving = List.copyOf(sent);
        sent.clear();
        for (String text : arriving) {
            List.copyOf(members).forEach(member -> member.received(text));
        }
        return !arriving.isEmpty();
    }

    private void collect() {
        for (Member member : List.copyOf(members)) {
            List<String> messages = new ArrayList<>();
            for (Optional<String> next = member.nextMessage(); next.isPresent(); next = member.nextMessage()) {
                messages.add(next.get());
                if (fails) {
                    member.notSent();
                    messages.clear();
                    break;
                }
            }
            sent.addAll(messages);
        }
    }
}
