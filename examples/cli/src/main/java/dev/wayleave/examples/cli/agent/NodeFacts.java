package dev.wayleave.examples.cli.agent;

import java.util.List;

/**
 * The facts that a node reports about itself.
 *
 * @param name also the key by which the server finds it again
 * @param user the owner; empty if no user owns it
 * @param tags what it belongs to
 * @param routes what it advertises
 * @param keepAliveSeconds how often it is heard, if that is more often than the server asks; 0 for the server's
 */
public record NodeFacts(String name, String user, List<String> tags, List<String> routes, int keepAliveSeconds) {

    long every(int asked) {
        return keepAliveSeconds > 0 ? Math.min(keepAliveSeconds, asked) : asked;
    }
}
