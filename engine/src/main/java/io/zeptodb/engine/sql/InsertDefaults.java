package io.zeptodb.engine.sql;

import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/** DEFAULT in INSERT: NULL, for no column has another default. */
final class InsertDefaults {
    private InsertDefaults() {}

    /**
     * Changes the rows of VALUES in place.
     *
     * @param columns how many columns are written, for DEFAULT VALUES
     */
    static void fill(SqlInsert insert, int columns) {
        if (insert.getSource().getKind() != SqlKind.VALUES) {
            return;
        }
        SqlCall values = (SqlCall) insert.getSource();
        for (int r = 0; r < values.operandCount(); r++) {
            SqlCall row = values.operand(r);
            if (row.operandCount() == 0) {
                values.setOperand(r, nulls(columns, row.getParserPosition()));
                continue;
            }
            for (int i = 0; i < row.operandCount(); i++) {
                SqlNode value = row.operand(i);
                if (value.getKind() == SqlKind.DEFAULT) {
                    row.setOperand(i, SqlLiteral.createNull(value.getParserPosition()));
                }
            }
        }
    }

    private static SqlNode nulls(int columns, SqlParserPos position) {
        SqlNode[] values = new SqlNode[columns];
        for (int i = 0; i < columns; i++) {
            values[i] = SqlLiteral.createNull(position);
        }
        return SqlStdOperatorTable.ROW.createCall(position, values);
    }
}
