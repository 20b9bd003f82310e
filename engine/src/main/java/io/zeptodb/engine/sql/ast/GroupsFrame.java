package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.math.BigDecimal;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Window frames of GROUPS. Calcite knows ROWS and RANGE only, from the parser to the relational tree; so a frame of GROUPS goes through it as one
 * of ROWS whose offsets are beyond every number of rows, and is told by them behind it. CURRENT ROW is offset 0. Called by the generated
 * parser and by the optimizer.
 */
public final class GroupsFrame {
    /** Offset 0 of GROUPS; no frame of ROWS reaches so far. */
    private static final long FIRST = 1L << 62;

    private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);

    private GroupsFrame() {}

    /**
     * Whether the frame's end may stand behind its start; what may not is empty for every row, and a mistake.
     *
     * @param end null for the current row
     * @throws EngineException INVALID_STATEMENT at the end
     */
    public static void check(SqlNode start, @Nullable SqlNode end) {
        boolean fromCurrent = SqlWindow.isCurrentRow(start);
        boolean fromFollowing = start.getKind() == SqlKind.FOLLOWING;
        boolean toCurrent = end == null || SqlWindow.isCurrentRow(end);
        boolean toPreceding = end != null && end.getKind() == SqlKind.PRECEDING;
        boolean backwards = (fromCurrent && toPreceding) || (fromFollowing && (toCurrent || toPreceding));
        if (backwards) {
            SqlParserPos position = (end == null ? start : end).getParserPosition();
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT,
                    "a frame that starts at " + (fromCurrent ? "the current row" : "a following row")
                            + " cannot end at " + (toPreceding ? "a preceding one" : "the current one"),
                    position.getLineNum(),
                    position.getColumnNum(),
                    null);
        }
    }

    /** The lower bound as one of ROWS. */
    public static SqlNode start(SqlNode bound) {
        return marked(bound, true);
    }

    /** The upper bound as one of ROWS; without one the frame ends with the current row's group. */
    public static SqlNode end(@Nullable SqlNode bound, SqlParserPos position) {
        return marked(bound == null ? SqlWindow.createCurrentRow(position) : bound, false);
    }

    private static SqlNode marked(SqlNode bound, boolean start) {
        SqlParserPos position = bound.getParserPosition();
        if (SqlWindow.isCurrentRow(bound)) {
            SqlNode zero = new Offset(BigDecimal.ZERO, position);
            return start ? SqlWindow.createPreceding(zero, position) : SqlWindow.createFollowing(zero, position);
        }
        if (bound.getKind() != SqlKind.PRECEDING && bound.getKind() != SqlKind.FOLLOWING) {
            return bound;
        }
        if (!(((SqlCall) bound).operand(0) instanceof SqlNumericLiteral offset)
                || !offset.isInteger()
                || offset.getValueAs(BigDecimal.class).compareTo(MOST) > 0) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "the offsets of a GROUPS frame must be integer literals",
                    position.getLineNum(),
                    position.getColumnNum(),
                    null);
        }
        SqlNode moved = new Offset(offset.getValueAs(BigDecimal.class), offset.getParserPosition());
        return bound.getKind() == SqlKind.PRECEDING
                ? SqlWindow.createPreceding(moved, position)
                : SqlWindow.createFollowing(moved, position);
    }

    /**
     * Sees to it that nobody's own offset is taken for one of GROUPS.
     *
     * @param offset of any frame, as parsed
     * @throws EngineException FEATURE_NOT_SUPPORTED at the offset
     */
    public static void checkOffset(SqlNode offset) {
        SqlNode value = offset.getKind() == SqlKind.CAST ? ((SqlCall) offset).operand(0) : offset;
        if (value instanceof SqlNumericLiteral number
                && !(value instanceof Offset)
                && number.getValueAs(BigDecimal.class).compareTo(BigDecimal.valueOf(FIRST)) >= 0) {
            SqlParserPos position = number.getParserPosition();
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "the offset of a window frame must be less than " + FIRST + ", got "
                            + number.getValueAs(BigDecimal.class).toPlainString() + "; write UNBOUNDED",
                    position.getLineNum(),
                    position.getColumnNum(),
                    null);
        }
    }

    /** An offset of GROUPS, told from a number of that size by its class as long as the text's tree is not copied. */
    private static final class Offset extends SqlNumericLiteral {
        private static final int DIGITS = 19;

        Offset(BigDecimal groups, SqlParserPos position) {
            super(groups.add(BigDecimal.valueOf(FIRST)), DIGITS, 0, true, position);
        }
    }

    /** Whether an offset of ROWS is one of GROUPS in truth. */
    public static boolean isGroups(long offset) {
        return offset >= FIRST;
    }

    /** How many groups. */
    public static long groups(long offset) {
        return offset - FIRST;
    }
}
