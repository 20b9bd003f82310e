package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ErrorCode;

/** A value that its column does not take; the one who knows table and column says so in the user's words. */
final class RowFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String what;
    private final int row;

    RowFault(ErrorCode code, String what, int row) {
        super(what, null, false, false);
        this.code = code;
        this.what = what;
        this.row = row;
    }

    ErrorCode code() {
        return code;
    }

    String what() {
        return what;
    }

    int row() {
        return row;
    }
}
