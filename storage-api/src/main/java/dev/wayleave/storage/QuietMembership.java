package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;

/**
 * A controller's part in the session channel of the host. What the channel throws is logged, and goes no further: the
 * channel is best effort, and must not stop a turn or the end of a controller.
 */
final class QuietMembership implements SessionChannel.Membership {

    private static final QuietLog LOG = QuietLog.of(QuietMembership.class);

    private final TailnetId tailnet;
    private final SessionChannel.Membership membership;

    QuietMembership(TailnetId tailnet, SessionChannel.Membership membership) {
        this.tailnet = tailnet;
        this.membership = membership;
    }

    @Override
    public void wake() {
        try {
            membership.wake();
        } catch (Throwable e) {
            LOG.error("the session channel of tailnet {} cannot be woken; its messages wait", tailnet, e);
        }
    }

    @Override
    public void close() {
        try {
            membership.close();
        } catch (Throwable e) {
            LOG.error("the session channel of tailnet {} does not let its controller go", tailnet, e);
        }
    }
}
