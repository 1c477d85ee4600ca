package dev.wayleave.approval;

import dev.wayleave.mesh.Actor;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.policy.Selector;

/** The form of {@link Approver#asText} and {@link Approver#parse}. */
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

    static Approver read(String text) {
        try {
            return readKind(text);
        } catch (IllegalArgumentException | WayleaveException e) {
            throw new IllegalArgumentException("`" + text + "` is not an approver: " + e.getMessage(), e);
        }
    }

    private static Approver readKind(String text) {
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
        if (blank == -1) {
            throw new IllegalArgumentException("write `administrator ACTOR`, `policy routes PREFIX APPROVER`, "
                    + "`policy exitNode APPROVER` or `import SOURCE`");
        }
        return new Approver.RouteApprover(
                Prefix.parse(text.substring(ROUTES.length(), blank)), Selector.parse(text.substring(blank + 1)));
    }
}
