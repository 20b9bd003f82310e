package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.Retention;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as bytes, in the manifest and in the log.
 *
 * <pre>
 *   id (8), name, columns (4), then of each: id (4), name, kind, precision (4), scale (4), nullable (1)
 *   next column id (4), timestamp ordinal (4), key ordinal (4), by key (1), slice,
 *   dedup keys (4), ordinals (4 each), TTL in nanoseconds (8), storage policy
 * </pre>
 *
 * Texts are their length in bytes (4) and UTF-8; enums are texts.
 */
public final class TableEncoding {
    private static final int LEAST_COLUMN_BYTES = 21;

    private TableEncoding() {}

    public static void write(ByteWriter out, TableMetadata table) {
        TableSchema schema = table.schema();
        out.putLong(table.id()).putText(schema.name());
        out.putInt(schema.columns().size());
        for (int i = 0; i < schema.columns().size(); i++) {
            ColumnDefinition column = schema.columns().get(i);
            out.putInt(table.columnId(i)).putText(column.name());
            out.putText(column.type().kind().name());
            out.putInt(column.type().precision()).putInt(column.type().scale());
            out.putBoolean(column.nullable());
        }
        out.putInt(table.nextColumnId());
        out.putInt(schema.timestampOrdinal()).putInt(schema.keyOrdinal());
        out.putBoolean(schema.partitioning().byKey());
        out.putText(schema.partitioning().slice().name());
        out.putInt(schema.dedupKeys().size());
        schema.dedupKeys().forEach(out::putInt);
        out.putLong(schema.retention().ttlNanos()).putText(schema.retention().storagePolicy());
    }

    /** @throws EngineException CORRUPTION when the bytes are no table */
    public static TableMetadata read(ByteReader in) {
        try {
            return readTable(in);
        } catch (EngineException e) {
            if (e.code() == io.zeptodb.engine.api.ErrorCode.CORRUPTION) {
                throw e;
            }
            throw in.corrupt("not a table: " + e.getMessage());
        }
    }

    private static TableMetadata readTable(ByteReader in) {
        long id = in.getLong();
        String name = in.getText();
        int count = in.getCount(LEAST_COLUMN_BYTES);
        List<ColumnDefinition> columns = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(in.getInt());
            String column = in.getText();
            ColumnType type = new ColumnType(in.getEnum(TypeKind.class), in.getInt(), in.getInt());
            columns.add(new ColumnDefinition(column, type, in.getBoolean()));
        }
        int nextColumnId = in.getInt();
        int timestamp = in.getInt();
        int key = in.getInt();
        PartitionScheme scheme = new PartitionScheme(in.getBoolean(), in.getEnum(PartitionScheme.TimeSlice.class));
        List<Integer> dedupKeys = new ArrayList<>();
        for (int left = in.getCount(Integer.BYTES); left > 0; left--) {
            dedupKeys.add(in.getInt());
        }
        Retention retention = new Retention(in.getLong(), in.getText());
        TableSchema schema = new TableSchema(name, columns, timestamp, key, scheme, dedupKeys, retention);
        return new TableMetadata(id, schema, ids, nextColumnId);
    }
}
