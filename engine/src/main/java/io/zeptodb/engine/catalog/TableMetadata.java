package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table as the catalog knows it. Immutable.
 *
 * <p>A column keeps its id for ever, whatever its name and its place: what was written of it (segments, the commit log) names it by that id.
 * The id of a column that was dropped is not used again.
 *
 * @param id unique in the life of a database, never used again after DROP
 * @param schema name, columns, key, time
 * @param columnIds by ordinal; not negative, and different
 * @param nextColumnId the id that the next column added gets: above all that the table ever gave
 */
public record TableMetadata(long id, TableSchema schema, List<Integer> columnIds, int nextColumnId) {
    /** What stands for a column id where the hidden column of ingest sequence numbers is meant. */
    public static final int SEQUENCE_ID = -1;

    public TableMetadata {
        columnIds = List.copyOf(columnIds);
        boolean fits = columnIds.size() == schema.columns().size()
                && columnIds.stream().distinct().count() == columnIds.size();
        for (int columnId : columnIds) {
            fits &= columnId >= 0 && columnId < nextColumnId;
        }
        if (!fits) {
            throw new EngineException(
                    ErrorCode.INTERNAL_ERROR,
                    "table '" + schema.name() + "' of " + schema.columns().size()
                            + " columns cannot have the column ids " + columnIds + " with " + nextColumnId
                            + " to come next");
        }
    }

    /** A new table: its columns get the ids 0, 1, 2, … */
    public TableMetadata(long id, TableSchema schema) {
        this(
                id,
                schema,
                IntStream.range(0, schema.columns().size()).boxed().toList(),
                schema.columns().size());
    }

    public String name() {
        return schema.name();
    }

    /** The id of the column that stands at this ordinal now. */
    public int columnId(int ordinal) {
        return columnIds.get(ordinal);
    }

    /** The ordinal at which the column with this id stands now, or {@link TableSchema#NONE} when it was dropped. */
    public int ordinalOfId(int columnId) {
        return columnIds.indexOf(columnId);
    }
}
