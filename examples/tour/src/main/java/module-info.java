/**
 * The programs of the README and of the documentation. A host that runs on the module path has the same declarations.
 */
module dev.wayleave.examples.tour {
    requires dev.wayleave.storage.inmemory;
    requires dev.wayleave.storage.jdbc;
    requires java.sql;
    requires org.xerial.sqlitejdbc;
    // For the program of a host on Jackson 2.
    requires com.fasterxml.jackson.databind;
    // Optional for the library: a host that has them reads them itself.
    requires micrometer.core;
    requires tools.jackson.databind;
}
