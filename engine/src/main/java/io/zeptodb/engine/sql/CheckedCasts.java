package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.ast.LatestOn;
import io.zeptodb.engine.sql.operator.RegistryFunction;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes the expressions of one statement's tree, those of its views and subqueries too, and knows afterwards which calls are in it that the tree is gone over
 * for. A literal that does not fit a REAL stays a cast, for the kernels to refuse or TRY_CAST to make NULL; one of an interval becomes one of the other
 * units.
 */
final class CheckedCasts extends RexBuilder {
    private final PlanningStop stop;
    private boolean latest;
    private boolean gaps;
    private boolean volatiles;

    CheckedCasts(RelDataTypeFactory typeFactory, PlanningStop stop) {
        super(typeFactory);
        this.stop = stop;
    }

    /** Called for everything that is converted, so that a conversion can be stopped here. */
    @Override
    public RexNode makeCall(SqlParserPos position, RelDataType type, SqlOperator operator, List<RexNode> operands) {
        stop.check();
        note(operator, operands);
        return super.makeCall(position, type, operator, operands);
    }

    @Override
    public RexNode makeCall(SqlParserPos position, SqlOperator operator, List<? extends RexNode> operands) {
        note(operator, operands);
        return super.makeCall(position, operator, operands);
    }

    private void note(SqlOperator operator, List<? extends RexNode> operands) {
        latest |= LatestOn.isOperator(operator);
        gaps |= FillCalls.isBucket(operator);
        volatiles |= operands.isEmpty() && operator instanceof RegistryFunction && !operator.isDeterministic();
    }

    /** Whether a LATEST ON has been made. */
    boolean hasLatest() {
        return latest;
    }

    /** Whether a time_bucket_gapfill has been made. */
    boolean hasGaps() {
        return gaps;
    }

    /** Whether a call has been made that gives another result each time. */
    boolean hasVolatiles() {
        return volatiles;
    }

    @Override
    public RexNode makeCast(
            SqlParserPos position,
            RelDataType type,
            RexNode value,
            boolean matchNullability,
            boolean safe,
            @Nullable RexLiteral format) {
        if (value instanceof RexLiteral literal && isOtherInterval(literal, type)) {
            return makeLiteral(literal.getValueAs(BigDecimal.class), type, type.getSqlTypeName());
        }
        boolean beyond = type.getSqlTypeName() == SqlTypeName.REAL
                && value instanceof RexLiteral literal
                && !literal.isNull()
                && SqlTypeUtil.isNumeric(literal.getType())
                && Float.isInfinite(number(literal).floatValue());
        return beyond
                ? makeAbstractCast(position, type, value, safe, format)
                : super.makeCast(position, type, value, matchNullability, safe, format);
    }

    /**
     * Whether a literal is an interval of other units, of those that the type's are counted in too: milliseconds or months. Calcite leaves a cast there,
     * and fails where it makes one VALUES of several, in which nothing but literals can be.
     */
    private static boolean isOtherInterval(RexLiteral literal, RelDataType type) {
        SqlTypeName from = literal.getType().getSqlTypeName();
        SqlTypeName to = type.getSqlTypeName();
        boolean sameCount = (SqlTypeName.DAY_INTERVAL_TYPES.contains(from)
                        && SqlTypeName.DAY_INTERVAL_TYPES.contains(to))
                || (SqlTypeName.YEAR_INTERVAL_TYPES.contains(from) && SqlTypeName.YEAR_INTERVAL_TYPES.contains(to));
        return sameCount && !literal.isNull();
    }

    private static BigDecimal number(RexLiteral literal) {
        BigDecimal number = literal.getValueAs(BigDecimal.class);
        return number == null ? BigDecimal.ZERO : number;
    }
}
