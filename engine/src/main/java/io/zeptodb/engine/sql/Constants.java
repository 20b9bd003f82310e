package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Literals of INSERT … VALUES, and of SET in UPDATE, become literals of their columns' types before the rows are compared with each other: one row may write a timestamp
 * as text and the next as nanoseconds.
 */
final class Constants {
    private Constants() {}

    /**
     * Changes the literals of VALUES in place; any other source stays.
     *
     * @param ordinals the table's column for each column of the source
     */
    static void fit(SqlNode source, List<Integer> ordinals, TableMetadata table) {
        if (source.getKind() != SqlKind.VALUES) {
            return;
        }
        for (SqlNode node : ((SqlCall) source).getOperandList()) {
            SqlCall row = (SqlCall) node;
            for (int i = 0; i < Math.min(row.operandCount(), ordinals.size()); i++) {
                row.setOperand(i, fit(row.operand(i), table.schema().typeOf(ordinals.get(i))));
            }
        }
    }

    /** A literal as a literal of the column's type; anything else as it is. */
    static SqlNode fit(SqlNode value, ColumnType column) {
        SqlTypeName type = switch (column.kind()) {
            case DATE -> SqlTypeName.DATE;
            case TIME -> SqlTypeName.TIME;
            case TIMESTAMP -> SqlTypeName.TIMESTAMP;
            case DOUBLE -> SqlTypeName.DOUBLE;
            case REAL -> SqlTypeName.REAL;
            default -> SqlTypeName.ANY;
        };
        SqlNode constant = ImplicitCasts.constant(value, type);
        return constant == null ? value : constant;
    }
}
