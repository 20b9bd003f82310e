package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.ast.PlainSelect;
import io.zeptodb.engine.sql.schema.CatalogReader;
import io.zeptodb.engine.sql.schema.SystemTables;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Functions that have another name or form in JDBC's {@code {fn …}} than in the registry. */
final class JdbcFunctions {
    private static final int OF_INSERT = 4;

    private JdbcFunctions() {}

    /** What the call means; null for one that is the registry's function of the same name, or none. */
    static @Nullable SqlNode of(String name, List<SqlNode> operands, SqlParserPos position) {
        String word = name.toUpperCase(Locale.ROOT);
        return switch (operands.size()) {
            case 0 -> constant(word, position);
            case 1 -> ofOne(word, operands.get(0), position);
            case 2 -> word.equals("IFNULL") ? SyntaxRewrite.function("coalesce", position, operands) : null;
            case OF_INSERT ->
                word.equals("INSERT")
                        ? SyntaxRewrite.function(
                                "overlay",
                                position,
                                List.of(operands.get(0), operands.get(3), operands.get(1), operands.get(2)))
                        : null;
            default -> null;
        };
    }

    private static @Nullable SqlNode constant(String word, SqlParserPos position) {
        return switch (word) {
            case "DATABASE" -> SqlLiteral.createCharString(CatalogReader.CATALOG, position);
            case "USER" -> user(position);
            default -> null;
        };
    }

    /** The user is asked for when the statement runs: its plan may be one that another user's session has made. */
    private static SqlNode user(SqlParserPos position) {
        SqlNode session =
                new SqlIdentifier(List.of(CatalogReader.CATALOG, CatalogReader.SYSTEM, SystemTables.SESSION), position);
        SqlNodeList name = SqlNodeList.of(new SqlIdentifier(SystemTables.USER_NAME, position));
        return SqlStdOperatorTable.SCALAR_QUERY.createCall(position, PlainSelect.of(position, name, session, null));
    }

    private static @Nullable SqlNode ofOne(String word, SqlNode operand, SqlParserPos position) {
        return switch (word) {
            case "CHAR" -> SyntaxRewrite.function("chr", position, List.of(operand));
            case "SPACE" ->
                SyntaxRewrite.function(
                        "repeat", position, List.of(SqlLiteral.createCharString(" ", position), operand));
            case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP" -> now(SqlTypeName.TIMESTAMP, operand, position);
            case "CURRENT_TIME", "LOCALTIME" -> now(SqlTypeName.TIME, operand, position);
            case "RAND" -> throw SyntaxRewrite.unsupported("{fn RAND(…)} with a seed", position);
            default -> null;
        };
    }

    /** The time cut to so many digits behind the point. */
    private static @Nullable SqlNode now(SqlTypeName type, SqlNode digits, SqlParserPos position) {
        if (!(digits instanceof SqlNumericLiteral number) || !number.isInteger()) {
            return null;
        }
        SqlNode now = SyntaxRewrite.function("now", position, List.of());
        SqlDataTypeSpec spec =
                new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, number.intValue(true), position), position);
        return SqlStdOperatorTable.CAST.createCall(position, now, spec);
    }
}
