package dev.wayleave.examples.server.web;

import com.google.common.base.Ascii;
import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The address at which the server listens, and the names by which clients reach it.
 *
 * <p>A page from elsewhere whose name resolves to 127.0.0.1 is of the same origin as the server for a browser: on a
 * loopback address only requests for a known name are answered.
 *
 * @param socket the address and port; port 0 takes any free one
 * @param names names that a proxy in front of a loopback address passes on; case does not matter
 */
public record WebAddress(InetSocketAddress socket, Set<String> names) {

    public WebAddress {
        names = names.stream().map(Ascii::toLowerCase).collect(Collectors.toUnmodifiableSet());
    }

    /** The reason why requests for a host are refused; empty if they are answered. */
    Optional<ApiException> refusal(String host) {
        String name = Ascii.toLowerCase(host.replace("[", "").replace("]", ""));
        if (!socket.getAddress().isLoopbackAddress()
                || name.equals("localhost")
                || names.contains(name)
                || (InetAddresses.isInetAddress(name)
                        && InetAddresses.forString(name).isLoopbackAddress())) {
            return Optional.empty();
        }
        return Optional.of(new ApiException(
                421,
                "`" + Json.shown(host) + "` is not a name of this server, which is `localhost`: start it with `--host "
                        + Json.shown(host) + "` if a proxy passes this name on"));
    }
}
