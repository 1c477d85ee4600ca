/** Keeps the routes in memory, for tests and demonstrations. */
module dev.wayleave.storage.inmemory {
    exports dev.wayleave.storage.inmemory;

    requires transitive dev.wayleave.storage;
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.jspecify;
}
