package io.zeptodb.engine.sql;

import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql2rel.SqlRexConvertlet;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Calcite's convertlets, of which those that nest deeply (operators, functions, CASE) are called directly. Calcite calls them by reflection, and puts the
 * text of the expression around an exception at each level: a stop or an overflow of the stack in a chain of 20,000 terms would write texts for minutes.
 * Stateless.
 */
final class DirectConvertlets implements SqlRexConvertletTable {
    private static final StandardConvertletTable STANDARD = StandardConvertletTable.INSTANCE;

    /** What Calcite has for all calls of operators without a convertlet of their own. */
    private static final @Nullable SqlRexConvertlet OPERATORS = ofOperator(SqlStdOperatorTable.OR);

    private static final @Nullable SqlRexConvertlet FUNCTIONS = ofOperator(SqlStdOperatorTable.ABS);

    @Override
    public @Nullable SqlRexConvertlet get(SqlCall call) {
        SqlRexConvertlet standard = STANDARD.get(call);
        if (standard == null) {
            return null;
        } else if (standard.equals(OPERATORS)) {
            return STANDARD::convertCall;
        } else if (standard.equals(FUNCTIONS) && call.getOperator() instanceof SqlFunction function) {
            return (context, same) -> STANDARD.convertFunction(context, function, same);
        } else if (call instanceof SqlCase choice) {
            return (context, same) -> STANDARD.convertCase(context, choice);
        }
        return standard;
    }

    private static @Nullable SqlRexConvertlet ofOperator(SqlOperator operator) {
        return STANDARD.get(new SqlBasicCall(operator, List.of(), SqlParserPos.ZERO));
    }
}
