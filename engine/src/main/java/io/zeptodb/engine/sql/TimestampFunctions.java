package io.zeptodb.engine.sql;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** Functions that take a unit of time as a word, said with intervals and date_trunc: TIMESTAMPADD, TIMESTAMPDIFF, CEIL(… TO unit). */
final class TimestampFunctions {
    private static final String DIFFERENCE = "timestampdiff";
    private static final String JDBC_PREFIX = "SQL_TSI_";

    private TimestampFunctions() {}

    /** {@code TIMESTAMPADD(unit, n, ts)}: ts + n * one unit. */
    static SqlNode add(SqlIntervalQualifier spelt, SqlNode count, SqlNode time, SqlParserPos position) {
        SqlIntervalQualifier unit = plain(spelt);
        SqlNode one = one(unit, position);
        SqlNode times = count;
        if (unit.isYearMonth()) {
            // months are counted in 32 bits
            SqlDataTypeSpec integer =
                    new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.INTEGER, position), position);
            times = SqlStdOperatorTable.CAST.createCall(position, count, integer);
        }
        return plus(time, SqlStdOperatorTable.MULTIPLY.createCall(position, one, times), position);
    }

    /** The unit of {@code SQL_TSI_DAY}, as JDBC calls it. */
    private static SqlIntervalQualifier plain(SqlIntervalQualifier unit) {
        String name = unit.timeFrameName == null ? "" : unit.timeFrameName.toUpperCase(Locale.ROOT);
        if (!name.startsWith(JDBC_PREFIX)) {
            return unit;
        }
        String word = name.substring(JDBC_PREFIX.length());
        for (TimeUnit each : TimeUnit.values()) {
            if (each.name().equals(word)) {
                return new SqlIntervalQualifier(each, null, unit.getParserPosition());
            }
        }
        return unit;
    }

    /** {@code TIMESTAMPDIFF(unit, from, to)}: whole units between two times, by the registry's function. */
    static SqlNode difference(SqlIntervalQualifier spelt, SqlNode from, SqlNode to, SqlParserPos position) {
        return SyntaxRewrite.function(DIFFERENCE, position, List.of(text(plain(spelt)), from, to));
    }

    /** {@code CEIL(ts TO unit)}: the start of the unit, or of the next one when the time lies behind it. */
    static SqlNode ceiling(SqlIntervalQualifier unit, SqlNode time, SqlParserPos position) {
        SqlNode start = SyntaxRewrite.function("date_trunc", position, List.of(text(unit), time));
        SqlNode behind = SqlStdOperatorTable.LESS_THAN.createCall(position, start, time);
        return new SqlCase(
                position,
                null,
                SqlNodeList.of(behind),
                SqlNodeList.of(plus(start, one(unit, position), position)),
                start);
    }

    private static SqlNode plus(SqlNode time, SqlNode interval, SqlParserPos position) {
        return SqlStdOperatorTable.PLUS.createCall(position, time, interval);
    }

    private static SqlNode one(SqlIntervalQualifier unit, SqlParserPos position) {
        if (unit.timeFrameName != null || !isPlain(unit.getUnit())) {
            throw SyntaxRewrite.unsupported("the unit " + word(unit) + " here", unit.getParserPosition());
        }
        return SqlLiteral.createInterval(1, "1", unit, position);
    }

    private static boolean isPlain(TimeUnit unit) {
        return switch (unit) {
            case YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE, SECOND -> true;
            default -> false;
        };
    }

    private static SqlNode text(SqlIntervalQualifier unit) {
        return SqlLiteral.createCharString(word(unit), unit.getParserPosition());
    }

    private static String word(SqlIntervalQualifier unit) {
        String word =
                unit.timeFrameName != null ? unit.timeFrameName : unit.getUnit().name();
        return word.toLowerCase(Locale.ROOT);
    }
}
