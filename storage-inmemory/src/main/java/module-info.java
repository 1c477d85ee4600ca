/** Keeps the routes in memory: the readable specification of the storage contract. */
module dev.wayleave.storage.inmemory {
    exports dev.wayleave.storage.inmemory;

    requires transitive dev.wayleave.storage;
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.jspecify;
}
