/**
 * Decides which advertised routes are approved, which node carries each of them, and the view of every node.
 *
 * <p>Values in, values out: nothing in here reads a clock, draws a number, starts a thread, opens a file or a
 * connection, or writes a log.
 */
@SuppressWarnings("module") // the modules to which one package is open are built after this one
module dev.wayleave.core {
    exports dev.wayleave;
    exports dev.wayleave.access;
    exports dev.wayleave.approval;
    exports dev.wayleave.command;
    exports dev.wayleave.election;
    exports dev.wayleave.event;
    exports dev.wayleave.explanation;
    exports dev.wayleave.foresight;
    exports dev.wayleave.journal;
    exports dev.wayleave.json;
    exports dev.wayleave.mesh;
    exports dev.wayleave.net;
    exports dev.wayleave.policy;
    exports dev.wayleave.row;
    exports dev.wayleave.settings;
    exports dev.wayleave.visibility;
    exports dev.wayleave.internal to
            dev.wayleave.storage,
            dev.wayleave.storage.jdbc;

    // Annotations on our signatures: code that compiles against us may see them, no code needs them to run.
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    // For hosts whose mapper is Jackson 3, and not needed to run.
    requires static tools.jackson.databind;
    // Hidden behind signatures that speak the JDK's types.
    requires com.google.common;
    requires inet.ipaddr;
    requires org.pcollections;
    requires tools.jackson.core;
}
