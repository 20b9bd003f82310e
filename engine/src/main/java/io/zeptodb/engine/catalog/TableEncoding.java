package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.ColumnAttribute;
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
import java.util.function.Predicate;

/**
 * A table as bytes, in the manifest and in the log.
 *
 * <pre>
 *   id (8), name, columns (4), then of each: id (4), name, kind, precision (4), scale (4), nullable (1)
 *   next column id (4), timestamp ordinal (4), key ordinal (4), by key (1), slice,
 *   dedup keys (4), ordinals (4 each), TTL in nanoseconds (8), storage policy
 *   columns with an attribute (4), then of each: ordinal (4), attribute
 * </pre>
 *
 * Texts are their length in bytes (4) and UTF-8; enums are texts. The attributes are there since version 3 of the manifest and 2 of the log.
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
        writeAttributes(out, schema.columns());
    }

    private static void writeAttributes(ByteWriter out, List<ColumnDefinition> columns) {
        out.putInt((int) columns.stream()
                .filter(column -> column.attribute() != ColumnAttribute.NONE)
                .count());
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).attribute() != ColumnAttribute.NONE) {
                out.putInt(i).putText(columns.get(i).attribute().name());
            }
        }
    }

    /**
     * The table of a record that has nothing else.
     *
     * @throws EngineException CORRUPTION when the bytes are no table
     */
    public static TableMetadata read(ByteReader in) {
        return read(in, ByteReader::hasRemaining);
    }

    /**
     * A table before other things.
     *
     * @param hasAttributes whether the version that wrote it knew of attributes
     * @throws EngineException CORRUPTION when the bytes are no table
     */
    static TableMetadata read(ByteReader in, boolean hasAttributes) {
        return read(in, rest -> hasAttributes);
    }

    private static TableMetadata read(ByteReader in, Predicate<ByteReader> hasAttributes) {
        try {
            return readTable(in, hasAttributes);
        } catch (EngineException e) {
            if (e.code() == io.zeptodb.engine.api.ErrorCode.CORRUPTION) {
                throw e;
            }
            throw in.corrupt("not a table: " + e.getMessage());
        }
    }

    private static TableMetadata readTable(ByteReader in, Predicate<ByteReader> hasAttributes) {
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
        if (hasAttributes.test(in)) {
            readAttributes(in, columns);
        }
        TableSchema schema = new TableSchema(name, columns, timestamp, key, scheme, dedupKeys, retention);
        return new TableMetadata(id, schema, ids, nextColumnId);
    }

    private static void readAttributes(ByteReader in, List<ColumnDefinition> columns) {
        for (int left = in.getCount(2 * Integer.BYTES); left > 0; left--) {
            int ordinal = in.getInt();
            if (ordinal < 0 || ordinal >= columns.size()) {
                throw in.corrupt("an attribute of column " + ordinal + " of " + columns.size());
            }
            columns.set(ordinal, columns.get(ordinal).with(in.getEnum(ColumnAttribute.class)));
        }
    }
}
