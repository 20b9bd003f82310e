package io.zeptodb.engine.spec;

import java.util.List;

/**
 * One record of a spec file.
 *
 * @param file path below the spec folder
 * @param line line of the record's first word, from 1
 * @param kind what is expected
 * @param sql the statement; empty for RESTART and SEAL
 * @param types of a QUERY: a letter for each column, T text, I integer, R number with a fraction
 * @param sort of a QUERY: how rows are ordered before they are compared
 * @param expected of a QUERY: the rows; of an ERROR: one line, a text that the message has in it, or nothing
 * @param sqlState of an ERROR: the SQLSTATE, or an empty text when any will do
 * @param answerLine line of the {@code ----}, from 1; 0 where there is none
 * @param endLine last line of the record, from 1
 */
public record SpecRecord(
        String file,
        int line,
        Kind kind,
        String sql,
        String types,
        Sort sort,
        List<String> expected,
        String sqlState,
        int answerLine,
        int endLine) {
    /** What a record expects. */
    public enum Kind {
        OK,
        ERROR,
        QUERY,
        /** No SQL: the database is closed and opened again. */
        RESTART,
        /** No SQL: all rows are sealed. */
        SEAL,
        /** All rows are sealed, by the statement CHECKPOINT. */
        CHECKPOINT
    }

    /** How the rows of an answer are ordered before they are compared. */
    public enum Sort {
        NOSORT,
        ROWSORT
    }

    /** The same with another statement. */
    SpecRecord withSql(String other) {
        return new SpecRecord(file, line, kind, other, types, sort, expected, sqlState, answerLine, endLine);
    }

    /** As the test is named, and as {@code -Dspec=} selects it. */
    public String name() {
        return file + ":" + line;
    }
}
