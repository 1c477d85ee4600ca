package dev.wayleave.storage.jdbc;

import dev.wayleave.approval.Approver;
import dev.wayleave.mesh.Actor;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Selector;

/**
 * Writes the approver of a route as a text for people, which {@link #read} reads back.
 *
 * <pre>
 *   administrator alice@example.com
 *   policy routes 10.0.0.0/8 tag:router      the key, and the approver in its list
 *   policy exitNode group:travellers
 *   import headscale
 * </pre>
 */
final class ApproverText {

    private static final String ADMINISTRATOR = "administrator ";
    private static final String ROUTES = "policy routes ";
    private static final String EXIT_NODE = "policy exitNode ";
    private static final String IMPORT = "import ";

    private ApproverText() {}

    static String write(Approver approver) {
        if (approver instanceof Approver.Administrator administrator) {
            return ADMINISTRATOR + administrator.actor();
        }
        if (approver instanceof Approver.RouteApprover route) {
            return ROUTES + route.key() + " " + route.selector().text();
        }
        if (approver instanceof Approver.ExitNodeApprover exit) {
            return EXIT_NODE + exit.selector().text();
        }
        return IMPORT + ((Approver.Import) approver).source();
    }

    /**
     * Reads the text of {@link #write}.
     *
     * @throws RuntimeException of the part that is malformed
     */
    static Approver read(String text) {
        if (text.startsWith(ADMINISTRATOR)) {
            return new Approver.Administrator(new Actor(text.substring(ADMINISTRATOR.length())));
        }
        if (text.startsWith(IMPORT)) {
            return new Approver.Import(text.substring(IMPORT.length()));
        }
        if (text.startsWith(EXIT_NODE)) {
            return new Approver.ExitNodeApprover(Selector.parse(text.substring(EXIT_NODE.length())));
        }
        int blank = text.startsWith(ROUTES) ? text.indexOf(' ', ROUTES.length()) : -1;
        if (blank < 0) {
            throw new IllegalArgumentException("`" + text + "` is no approver: write `administrator …`, "
                    + "`policy routes PREFIX APPROVER`, `policy exitNode APPROVER` or `import …`");
        }
        return new Approver.RouteApprover(
                Prefix.parse(text.substring(ROUTES.length(), blank)), Selector.parse(text.substring(blank + 1)));
    }
}
