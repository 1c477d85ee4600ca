/** Keeps the routes as rows of a relational database, and imports the database of a Headscale control plane. */
module dev.wayleave.storage.jdbc {
    exports dev.wayleave.storage.jdbc;
    exports dev.wayleave.storage.jdbc.headscale;

    requires transitive dev.wayleave.core;
    requires transitive dev.wayleave.storage;
    requires transitive java.sql;
    // Annotations on public signatures: needed to compile, not to run.
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    // For hosts that listen for the commits of other processes on PostgreSQL, and not needed to run.
    requires static org.postgresql.jdbc;
    requires static org.checkerframework.checker.qual;
    // Used inside only: public signatures use types of the JDK.
    requires com.google.common;
    // Reads the JSON in text columns of Headscale.
    requires tools.jackson.core;
}
