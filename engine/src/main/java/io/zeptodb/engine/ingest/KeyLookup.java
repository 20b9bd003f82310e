package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import org.jspecify.annotations.Nullable;

/** A key given as a Java value, made ready to be found in segments. */
final class KeyLookup {
    private enum What {
        KEY,
        NULL_KEY,
        NOWHERE,
        WHOLE
    }

    private static final KeyLookup NOWHERE = new KeyLookup(What.NOWHERE, 0);
    private static final KeyLookup NULL_KEY = new KeyLookup(What.NULL_KEY, 0);
    private static final KeyLookup WHOLE = new KeyLookup(What.WHOLE, 0);

    private final What what;
    private final long key;

    private KeyLookup(What what, long key) {
        this.what = what;
        this.key = key;
    }

    /** @throws EngineException INVALID_ARGUMENT when the table has no key, or the value is no key of it */
    static KeyLookup of(TableSnapshot table, @Nullable Object value) {
        TableSchema schema = table.metadata().schema();
        if (schema.keyOrdinal() == TableSchema.NONE) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT, "table '" + schema.name() + "' is not partitioned by a key");
        }
        if (value == null) {
            return NULL_KEY;
        }
        ColumnDefinition column = schema.columns().get(schema.keyOrdinal());
        SymbolDictionary dictionary = table.dictionary(schema.keyOrdinal());
        if (dictionary != null && value instanceof CharSequence text) {
            int code = dictionary.find(text);
            return code < 0 ? NOWHERE : new KeyLookup(What.KEY, code);
        }
        boolean whole =
                value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
        if (dictionary == null && whole) {
            return new KeyLookup(What.KEY, ((Number) value).longValue());
        }
        throw new EngineException(
                ErrorCode.INVALID_ARGUMENT,
                "key '" + column.name() + "' of table '" + schema.name() + "' is " + column.type() + ", got a "
                        + value.getClass().getName() + "; give a "
                        + (column.type().kind() == TypeKind.SYMBOL ? "String" : "Long"));
    }

    /** As {@link #of}; a table without a key has one run in each segment, which the null key names. */
    static KeyLookup ofKeyedOrNot(TableSnapshot table, @Nullable Object value) {
        boolean keyed = table.metadata().schema().keyOrdinal() != TableSchema.NONE;
        return keyed || value != null ? of(table, value) : WHOLE;
    }

    /** The run of the key, or -1. */
    int runIn(SegmentSnapshot segment) {
        return switch (what) {
            case KEY -> segment.findRun(key);
            case NULL_KEY -> segment.findNullRun();
            case NOWHERE -> -1;
            case WHOLE -> 0;
        };
    }
}
