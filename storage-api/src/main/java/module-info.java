/**
 * The contract of a store for routes, and the loop that decides, commits and publishes.
 */
@SuppressWarnings("module") // the module to which one package is open is built after this one
module dev.wayleave.storage {
    exports dev.wayleave.storage;
    exports dev.wayleave.storage.micrometer;
    exports dev.wayleave.storage.internal to
            dev.wayleave.storage.inmemory;

    requires transitive dev.wayleave.core;
    // Annotations on public signatures: needed to compile, not to run.
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    // For hosts that measure with Micrometer, and not needed to run.
    requires static micrometer.core;
    // Used inside only: public signatures use types of the JDK.
    requires com.google.common;
    requires org.slf4j;
}
