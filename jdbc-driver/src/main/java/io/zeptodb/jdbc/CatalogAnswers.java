package io.zeptodb.jdbc;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.jdbc.meta.ArrayElements;
import io.zeptodb.jdbc.meta.CatalogQuestions;
import io.zeptodb.jdbc.meta.EngineMeta;
import io.zeptodb.jdbc.meta.MetadataShape;
import io.zeptodb.jdbc.meta.Signatures;
import io.zeptodb.jdbc.meta.WireFormat;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/** What a connection answers about the catalog: the engine in this process is asked itself, a server in SQL. Any thread. */
final class CatalogAnswers implements CatalogQuestions<SQLException> {
    /** Of so many rows of metadata the Arrow vectors are filled at once: the others may never be read. */
    private static final int FRAME_ROWS = 1_000;

    private final ZeptoConnection connection;

    CatalogAnswers(ZeptoConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<@Nullable Object[]> ask(String question, @Nullable Object... parameters) throws SQLException {
        connection.checkOpen();
        EngineMeta engine = connection.engine();
        if (engine != null) {
            return Objects.requireNonNull(
                    connection.lock().alone(() -> engine.questions().ask(question, parameters)));
        }
        try (PreparedStatement statement = connection.prepareStatement(CatalogQuestions.MARK + question)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return CatalogQuestions.rows(rows.unwrap(BatchCursor.class));
            } catch (EngineException e) {
                throw SqlErrors.translate(e);
            }
        }
    }

    /** Rows as a result set of the connection. */
    static ResultSet result(ZeptoConnection connection, MetadataShape shape, List<Object> rows) throws SQLException {
        connection.checkOpen();
        return connection.metadata(Signatures.ofRows(shape.columns(), "", List.of(), WireFormat.EXACT), rows);
    }

    /** Elements of an array as a result set of the connection. @param firstIndex of the first of them */
    static ResultSet elements(ZeptoConnection connection, ColumnType element, List<?> values, long firstIndex)
            throws SQLException {
        connection.checkOpen();
        return connection.metadata(
                Signatures.ofRows(ArrayElements.columns(element), "", List.of(), WireFormat.EXACT),
                ArrayElements.rows(element, values, firstIndex));
    }

    /** The rows from {@code offset} on that are filled next. */
    static Meta.Frame frame(List<Object> rows, long offset) {
        int start = (int) offset;
        int end = Math.min(rows.size(), start + FRAME_ROWS);
        return new Meta.Frame(offset, end == rows.size(), rows.subList(start, end));
    }
}
