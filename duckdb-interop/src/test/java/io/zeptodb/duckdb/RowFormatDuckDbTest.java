package io.zeptodb.duckdb;

/** The same of a server that gives rows in Avatica's frames, as one does that does not know our protocol. */
class RowFormatDuckDbTest extends RemoteDuckDbTest {
    @Override
    String options() {
        return "?result_format=rows";
    }
}
