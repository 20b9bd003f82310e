package io.zeptodb.engine.api;

import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The Arrow fields of results, as {@link BatchCursor} promises them. The exact SQL type stands in the field's metadata under {@link
 * #TYPE_KEY}, since Arrow's types say less (the precision of a TIMESTAMP, for one).
 */
public final class ArrowFields {
    /** Metadata key of the SQL type's spelling. */
    public static final String TYPE_KEY = "zepto.type";

    private static final int INT_BITS = 32;
    private static final int LONG_BITS = 64;
    private static final int DECIMAL_BITS = 128;

    private ArrowFields() {}

    /** The schema of a result; the dictionary of the SYMBOL column with index i has id i. */
    public static Schema schema(List<ResultColumn> columns) {
        Field[] fields = new Field[columns.size()];
        for (int i = 0; i < fields.length; i++) {
            ResultColumn column = columns.get(i);
            fields[i] = field(column.label(), column.type(), column.nullable(), i);
        }
        return new Schema(List.of(fields));
    }

    /**
     * The field of one column.
     *
     * @param dictionaryId id of the dictionary if the type is SYMBOL, else not looked at
     */
    public static Field field(String name, ColumnType type, boolean nullable, long dictionaryId) {
        DictionaryEncoding encoding = type.kind() == TypeKind.SYMBOL ? encoding(dictionaryId) : null;
        java.util.Map<String, String> metadata = java.util.Map.of(TYPE_KEY, type.toString());
        return new Field(name, new FieldType(nullable, arrowType(type), encoding, metadata), children(type));
    }

    private static List<Field> children(ColumnType type) {
        return type.fields().stream()
                .map(field -> field(field.name(), field.type(), true, 0))
                .toList();
    }

    /** The encoding of a SYMBOL column: int32 codes. */
    public static DictionaryEncoding encoding(long dictionaryId) {
        return new DictionaryEncoding(dictionaryId, false, new ArrowType.Int(INT_BITS, true));
    }

    /** The type of the values as they lie in memory: int32 for SYMBOL. */
    public static ArrowType arrowType(ColumnType type) {
        return switch (type.kind()) {
            case NULL -> ArrowType.Null.INSTANCE;
            case BOOLEAN -> ArrowType.Bool.INSTANCE;
            case TINYINT, SMALLINT, INTEGER, BIGINT -> new ArrowType.Int(type.width() * Byte.SIZE, true);
            case SYMBOL -> new ArrowType.Int(INT_BITS, true);
            case REAL -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case DECIMAL -> new ArrowType.Decimal(type.precision(), type.scale(), DECIMAL_BITS);
            case VARCHAR -> ArrowType.Utf8View.INSTANCE;
            case VARBINARY -> ArrowType.BinaryView.INSTANCE;
            case DATE -> new ArrowType.Date(DateUnit.DAY);
            case TIME -> new ArrowType.Time(TimeUnit.NANOSECOND, LONG_BITS);
            case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.NANOSECOND, null);
            case INTERVAL_DAY -> new ArrowType.Duration(TimeUnit.NANOSECOND);
            case INTERVAL_MONTH -> new ArrowType.Interval(IntervalUnit.YEAR_MONTH);
            case ARRAY -> ArrowType.List.INSTANCE;
            case ROW -> ArrowType.Struct.INSTANCE;
        };
    }
}
