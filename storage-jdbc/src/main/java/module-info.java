/** Keeps the routes as rows of a relational database. The package is exported as soon as it holds something. */
module dev.wayleave.storage.jdbc {
    requires static org.jspecify;
}
