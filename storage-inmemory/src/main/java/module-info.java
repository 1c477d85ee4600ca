/** Keeps the routes in memory. The package is exported as soon as it holds something. */
module dev.wayleave.storage.inmemory {
    requires static org.jspecify;
}
