package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/** The engine's types of Calcite's. A SYMBOL is a VARCHAR to Calcite; only a scan knows that it is one. */
final class SqlTypes {
    private SqlTypes() {}

    static ColumnType of(RelDataType type) {
        return switch (type.getSqlTypeName()) {
            case NULL, ANY, UNKNOWN -> ColumnType.NULL;
            case BOOLEAN -> ColumnType.BOOLEAN;
            case TINYINT -> ColumnType.TINYINT;
            case SMALLINT -> ColumnType.SMALLINT;
            case INTEGER -> ColumnType.INTEGER;
            case BIGINT -> ColumnType.BIGINT;
            case REAL -> ColumnType.REAL;
            case FLOAT, DOUBLE -> ColumnType.DOUBLE;
            case DECIMAL -> ColumnType.decimal(type.getPrecision(), Math.max(0, type.getScale()));
            case CHAR, VARCHAR, SYMBOL -> ColumnType.VARCHAR;
            case BINARY, VARBINARY -> ColumnType.VARBINARY;
            case DATE -> ColumnType.DATE;
            case TIME -> ColumnType.time(timePrecision(type));
            case TIMESTAMP -> ColumnType.timestamp(timePrecision(type));
            case INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH -> ColumnType.INTERVAL_MONTH;
            case INTERVAL_DAY,
                    INTERVAL_DAY_HOUR,
                    INTERVAL_DAY_MINUTE,
                    INTERVAL_DAY_SECOND,
                    INTERVAL_HOUR,
                    INTERVAL_HOUR_MINUTE,
                    INTERVAL_HOUR_SECOND,
                    INTERVAL_MINUTE,
                    INTERVAL_MINUTE_SECOND,
                    INTERVAL_SECOND -> ColumnType.INTERVAL_DAY;
            default -> throw Unsupported.construct("type " + type.getFullTypeString());
        };
    }

    private static int timePrecision(RelDataType type) {
        int precision = type.getPrecision();
        return precision < 0 ? ColumnType.MAX_TIME_PRECISION : precision;
    }

    static List<ColumnType> ofRow(RelNode node) {
        return node.getRowType().getFieldList().stream()
                .map(RelDataTypeField::getType)
                .map(SqlTypes::of)
                .toList();
    }
}
