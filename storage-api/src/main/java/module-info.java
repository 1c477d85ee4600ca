/** The contract between the routes and whatever keeps them. The package is exported as soon as it holds something. */
module dev.wayleave.storage {
    requires static org.jspecify;
}
