package io.zeptodb.engine.api;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The type of a column or of an expression.
 *
 * @param kind the kind of value
 * @param precision digits of a DECIMAL (1..38), or fractional second digits of TIME and TIMESTAMP (0..9); 0 elsewhere
 * @param scale digits after the point of a DECIMAL; 0 elsewhere
 * @param fields of a ROW; of an ARRAY one, its element; empty elsewhere
 */
public record ColumnType(TypeKind kind, int precision, int scale, List<NestedField> fields) {
    /** What the one field of an ARRAY is called. */
    public static final String ELEMENT = "element";

    /** Most digits of a DECIMAL. */
    public static final int MAX_DECIMAL_PRECISION = 38;
    /** Most fractional digits of TIME and TIMESTAMP: nanoseconds. */
    public static final int MAX_TIME_PRECISION = 9;

    public static final ColumnType NULL = new ColumnType(TypeKind.NULL, 0, 0);
    public static final ColumnType BOOLEAN = new ColumnType(TypeKind.BOOLEAN, 0, 0);
    public static final ColumnType TINYINT = new ColumnType(TypeKind.TINYINT, 0, 0);
    public static final ColumnType SMALLINT = new ColumnType(TypeKind.SMALLINT, 0, 0);
    public static final ColumnType INTEGER = new ColumnType(TypeKind.INTEGER, 0, 0);
    public static final ColumnType BIGINT = new ColumnType(TypeKind.BIGINT, 0, 0);
    public static final ColumnType REAL = new ColumnType(TypeKind.REAL, 0, 0);
    public static final ColumnType DOUBLE = new ColumnType(TypeKind.DOUBLE, 0, 0);
    public static final ColumnType VARCHAR = new ColumnType(TypeKind.VARCHAR, 0, 0);
    public static final ColumnType SYMBOL = new ColumnType(TypeKind.SYMBOL, 0, 0);
    public static final ColumnType VARBINARY = new ColumnType(TypeKind.VARBINARY, 0, 0);
    public static final ColumnType DATE = new ColumnType(TypeKind.DATE, 0, 0);
    public static final ColumnType TIME = new ColumnType(TypeKind.TIME, MAX_TIME_PRECISION, 0);
    public static final ColumnType TIMESTAMP_NS = new ColumnType(TypeKind.TIMESTAMP, MAX_TIME_PRECISION, 0);
    public static final ColumnType INTERVAL_DAY = new ColumnType(TypeKind.INTERVAL_DAY, 0, 0);
    public static final ColumnType INTERVAL_MONTH = new ColumnType(TypeKind.INTERVAL_MONTH, 0, 0);

    /** A type that is not nested. */
    public ColumnType(TypeKind kind, int precision, int scale) {
        this(kind, precision, scale, List.of());
    }

    public ColumnType {
        EngineException.required(kind, "the kind of a type");
        fields = List.copyOf(fields);
        boolean fits = kind == TypeKind.ROW ? !fields.isEmpty() : fields.size() == (kind == TypeKind.ARRAY ? 1 : 0);
        if (!fits) {
            throw new EngineException(
                    ErrorCode.INVALID_TABLE_DEFINITION, kind + " is not a type with " + fields.size() + " fields");
        }
        boolean decimal = kind == TypeKind.DECIMAL;
        boolean time = kind == TypeKind.TIME || kind == TypeKind.TIMESTAMP;
        if (decimal && (precision < 1 || precision > MAX_DECIMAL_PRECISION || scale < 0 || scale > precision)) {
            throw new EngineException(
                    ErrorCode.INVALID_TABLE_DEFINITION,
                    "DECIMAL(" + precision + "," + scale
                            + ") is not a type: precision is 1 to 38 and scale 0 to precision");
        }
        if (time && (precision < 0 || precision > MAX_TIME_PRECISION)) {
            throw new EngineException(
                    ErrorCode.INVALID_TABLE_DEFINITION,
                    kind + "(" + precision + ") is not a type: its precision is 0 to 9");
        }
        if ((!decimal && scale != 0) || (!decimal && !time && precision != 0)) {
            throw new EngineException(ErrorCode.INVALID_TABLE_DEFINITION, kind + " takes no precision or scale");
        }
    }

    public static ColumnType decimal(int precision, int scale) {
        return new ColumnType(TypeKind.DECIMAL, precision, scale);
    }

    public static ColumnType timestamp(int precision) {
        return new ColumnType(TypeKind.TIMESTAMP, precision, 0);
    }

    public static ColumnType time(int precision) {
        return new ColumnType(TypeKind.TIME, precision, 0);
    }

    /** An ARRAY of this type. */
    public static ColumnType array(ColumnType element) {
        return new ColumnType(TypeKind.ARRAY, 0, 0, List.of(new NestedField(ELEMENT, element)));
    }

    /** A ROW of these fields. */
    public static ColumnType row(List<NestedField> fields) {
        return new ColumnType(TypeKind.ROW, 0, 0, fields);
    }

    /** The type of the elements of an ARRAY. */
    public ColumnType element() {
        if (kind != TypeKind.ARRAY) {
            throw new IllegalStateException("a " + this + " has no elements");
        }
        return fields.get(0).type();
    }

    /** Bytes a row of the values buffer; 0 for BOOLEAN and NULL. */
    public int width() {
        return kind.width();
    }

    /** The SQL spelling, as DESCRIBE and error messages show it. */
    @Override
    public String toString() {
        return switch (kind) {
            case DECIMAL -> "DECIMAL(" + precision + "," + scale + ")";
            case TIME -> precision == MAX_TIME_PRECISION ? "TIME" : "TIME(" + precision + ")";
            case TIMESTAMP -> "TIMESTAMP(" + precision + ")";
            case INTERVAL_DAY -> "INTERVAL DAY TO SECOND";
            case INTERVAL_MONTH -> "INTERVAL YEAR TO MONTH";
            case ARRAY -> element() + " ARRAY";
            case ROW ->
                fields.stream()
                        .map(field -> name(field.name()) + " " + field.type())
                        .collect(Collectors.joining(", ", "ROW(", ")"));
            default -> kind.name();
        };
    }

    private static String name(String name) {
        boolean plain = !name.isEmpty() && (Character.isLetter(name.charAt(0)) || name.charAt(0) == '_');
        for (int i = 0; i < name.length(); i++) {
            plain &= Character.isLetterOrDigit(name.charAt(i)) || name.charAt(i) == '_';
        }
        return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
