package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries the messages of the processes in one test, each to the members of its tailnet, when the test delivers them.
 */
final class LoopbackChannel implements SessionChannel {

    private final List<Member> members = new ArrayList<>();
    private final List<Message> sent = new ArrayList<>();
    private boolean fails;

    private record Message(TailnetId tailnet, String text) {}

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

    void send(TailnetId tailnet, String text) {
        sent.add(new Message(tailnet, text));
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
        List<Message> arriving = List.copyOf(sent);
        sent.clear();
        for (Message message : arriving) {
            for (Member member : List.copyOf(members)) {
                if (member.tailnet().equals(message.tailnet())) {
                    member.received(message.text());
                }
            }
        }
        return !arriving.isEmpty();
    }

    private void collect() {
        for (Member member : List.copyOf(members)) {
            List<Message> messages = new ArrayList<>();
            for (Optional<String> next = member.nextMessage(); next.isPresent(); next = member.nextMessage()) {
                messages.add(new Message(member.tailnet(), next.get()));
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
