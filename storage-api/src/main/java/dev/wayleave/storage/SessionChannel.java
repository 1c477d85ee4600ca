package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.Optional;

/**
 * Carries short messages between the processes that share tailnets, so that each knows of all sessions, also of those
 * of which nothing is stored: see {@link RouteControllerBuilder#sessionChannel}. For PostgreSQL there is {@code
 * SessionNotifications}; a host that has a message bus implements this interface with it.
 *
 * <p>Best effort: a message may be lost, or reach its own sender. Two messages of one sender must not change places.
 * Safe for use by several threads; no method blocks. What {@link #join} throws, the opening of the controller throws;
 * what a membership throws is logged, and stops nothing.
 */
public interface SessionChannel {

    /**
     * Takes part until the membership is closed.
     *
     * @param member sends and receives the messages of one tailnet
     * @return the membership
     */
    Membership join(Member member);

    /** The part of a controller. Its methods return quickly. */
    interface Member {

        /** {@return the tailnet whose messages it sends and receives} */
        TailnetId tailnet();

        /**
         * Returns the next message, which the channel sends. A thread of the channel asks for it, again and again until
         * there is none.
         *
         * @return a text of at most {@value #LONGEST} bytes in UTF-8; empty if there is nothing to send
         */
        Optional<String> nextMessage();

        /**
         * Receives a message that a member of the same tailnet sent.
         *
         * @param message the text
         */
        void received(String message);

        /** From now on messages are received: at first, and again after some may have been missed. */
        void listening();

        /** A message that {@link #nextMessage} returned may not have been sent. */
        void notSent();

        /** The longest message, in bytes. */
        int LONGEST = 7_000;
    }

    /** A member's part in the channel. */
    interface Membership extends AutoCloseable {

        /** The member has messages: the channel asks for them soon, on another thread. */
        void wake();

        /** Ends the part. Calls of the member that have begun may still run afterwards. */
        @Override
        void close();
    }
}
