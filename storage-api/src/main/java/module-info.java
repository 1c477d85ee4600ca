/**
 * The contract between the routes and whatever keeps them, and the one loop that decides, commits and publishes.
 */
module dev.wayleave.storage {
    exports dev.wayleave.storage;

    requires transitive dev.wayleave.core;
    // Annotations on our signatures: whoever compiles against us may see them, nobody needs them to run.
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    // Hidden behind signatures that speak the JDK's types.
    requires com.google.common;
    requires org.slf4j;
}
