/** Keeps the routes as rows of a relational database, and reads those of a Headscale database. */
module dev.wayleave.storage.jdbc {
    exports dev.wayleave.storage.jdbc;
    exports dev.wayleave.storage.jdbc.headscale;

    requires transitive dev.wayleave.core;
    requires transitive dev.wayleave.storage;
    requires transitive java.sql;
    // Annotations on our signatures: whoever compiles against us may see them, nobody needs them to run.
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    // Hidden behind signatures that speak the JDK's types.
    requires com.google.common;
    // Reads the JSON that Headscale keeps in columns of text.
    requires tools.jackson.core;
}
