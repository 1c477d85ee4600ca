package dev.wayleave.storage.jdbc;

import java.sql.SQLException;

/** The database's error of a batch, with the table and the row that it refers to. */
final class RefusedRowException extends SQLException {

    private static final long serialVersionUID = 1L;

    /** Whether the row is known; else the error is of one row of several. */
    private final boolean isOneRow;

    RefusedRowException(String where, boolean isOneRow, SQLException cause) {
        super(where + ": " + Dialect.reason(cause), cause.getSQLState(), cause.getErrorCode(), cause);
        this.isOneRow = isOneRow;
    }

    boolean isOneRow() {
        return isOneRow;
    }
}
