package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * Asks a database about its catalog, in SQL, so that whoever asks sees the tables of his own transaction, and a server answers as the process does.
 * Used by the thread of the connection.
 *
 * @param <E> what an answer that does not come is
 */
public interface CatalogQuestions<E extends Exception> {
    /**
     * How each question begins. It begins no transaction: who has looked at the catalog has read nothing yet, and may still say what his
     * transaction shall be.
     */
    String MARK = "/* catalog */ ";

    /** All rows: text as String, whole numbers as Long, truth as Boolean. */
    List<@Nullable Object[]> ask(String question, @Nullable Object... parameters) throws E;

    /** Those of a session in this process; its errors are EngineExceptions. */
    static CatalogQuestions<RuntimeException> of(Session session) {
        return (question, parameters) -> {
            try (BatchCursor cursor = session.query(MARK + question, parameters)) {
                return rows(cursor);
            }
        };
    }

    /**
     * The rows of a cursor, which stays the caller's.
     *
     * @throws io.zeptodb.engine.api.EngineException of the query, or STATEMENT_CLOSED and CLOSED when another thread has closed it
     */
    static List<@Nullable Object[]> rows(BatchCursor cursor) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        while (cursor.next()) {
            cursor.whileOpen(() -> add(cursor.batch(), rows));
        }
        return rows;
    }

    private static void add(VectorSchemaRoot batch, List<@Nullable Object[]> rows) {
        List<FieldVector> columns = batch.getFieldVectors();
        int first = rows.size();
        for (int row = 0; row < batch.getRowCount(); row++) {
            rows.add(new @Nullable Object[columns.size()]);
        }
        for (int i = 0; i < columns.size(); i++) {
            read(columns.get(i), i, rows.subList(first, rows.size()));
        }
    }

    /** Text is often that of the row before: it is decoded once. */
    private static void read(FieldVector column, int index, List<@Nullable Object[]> rows) {
        byte[] lastBytes = new byte[0];
        String last = "";
        for (int row = 0; row < rows.size(); row++) {
            if (column.isNull(row)) {
                continue;
            }
            if (column instanceof VariableWidthFieldVector texts) {
                byte[] bytes = texts.get(row);
                if (!Arrays.equals(bytes, lastBytes)) {
                    lastBytes = bytes;
                    last = new String(bytes, StandardCharsets.UTF_8);
                }
                rows.get(row)[index] = last;
            } else {
                rows.get(row)[index] = column.getObject(row);
            }
        }
    }
}
