package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.SampledTime.Column;
import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** What the columns of a sampled SELECT are, and what becomes of them. For one SELECT. */
final class SampleItems {
    /** What a column of a sampled query is. */
    enum Kind {
        /** The timestamp itself, which becomes the bucket. */
        TIME,
        /** An expression of the timestamp or of nothing. */
        OF_TIME,
        KEY,
        AGGREGATE
    }

    private final ZeptoOperatorTable operators;
    private final Column time;

    SampleItems(ZeptoOperatorTable operators, Column time) {
        this.operators = operators;
        this.time = time;
    }

    private boolean isTime(SqlIdentifier name) {
        return !name.isStar() && time.isNamed(name);
    }

    private boolean isAggregate(SqlCall call) {
        return isAggregate(call, operators);
    }

    /** Whether a call is of an aggregate, what follows it included, and no window function. */
    static boolean isAggregate(SqlCall call, ZeptoOperatorTable operators) {
        return switch (call.getKind()) {
            case FILTER, WITHIN_GROUP, WITHIN_DISTINCT -> true;
            case OVER -> false;
            default -> operators.isAggregate(Sampling.nameOf(call));
        };
    }

    /** Finds out what an expression without its alias is. */
    Kind kindOf(SqlNode value) {
        if (value instanceof SqlIdentifier name) {
            if (name.isStar()) {
                throw Sampling.error("SAMPLE BY needs its columns by name, not *", name.getParserPosition());
            }
            return isTime(name) ? Kind.TIME : Kind.KEY;
        }
        Contents contents = new Contents();
        value.accept(contents);
        if (contents.hasAggregate) {
            return Kind.AGGREGATE;
        }
        return contents.readsColumn && !contents.readsTime ? Kind.KEY : Kind.OF_TIME;
    }

    /** What is in an expression, subqueries left out. */
    private final class Contents extends SqlBasicVisitor<@Nullable Void> {
        private boolean hasAggregate;
        /** Also a subquery or a window function, which are not of the time alone. */
        private boolean readsColumn;

        private boolean readsTime;

        @Override
        public @Nullable Void visit(SqlIdentifier name) {
            boolean word = name.isSimple() && SyntaxRewrite.isClock(name);
            readsColumn |= !word;
            readsTime |= isTime(name);
            return null;
        }

        @Override
        public @Nullable Void visit(SqlCall call) {
            if (Sampling.isQuery(call)) {
                readsColumn = true;
                return null;
            }
            if (isAggregate(call)) {
                hasAggregate = true;
                return null;
            }
            if (call.getKind() == SqlKind.OVER) {
                SqlNode function = call.operand(0);
                ((SqlCall) function).getOperandList().forEach(this::visitPresent);
                visitPresent(call.operand(1));
                readsColumn = true;
                return null;
            }
            return super.visit(call);
        }

        private void visitPresent(@Nullable SqlNode node) {
            if (node != null) {
                node.accept(this);
            }
        }
    }

    /** The expression with another one in place of the timestamp, but for where rows are meant: inside of aggregates and subqueries. */
    SqlNode replaceTime(SqlNode value, Supplier<SqlNode> bucket) {
        SqlNode replaced = value.accept(new SqlShuttle() {
            @Override
            public @Nullable SqlNode visit(SqlIdentifier name) {
                return isTime(name) ? bucket.get() : name;
            }

            @Override
            public @Nullable SqlNode visit(SqlCall call) {
                boolean ofRows = Sampling.isQuery(call) || isAggregate(call) || GapFillCounts.isBucket(call);
                return ofRows ? call : super.visit(call);
            }
        });
        return replaced == null ? value : replaced;
    }

    /** The column in what says how it is filled; null leaves it. */
    SqlNode filled(SqlNode value, @Nullable SqlNode fill) {
        if (fill == null) {
            return value;
        }
        if (!hasWindow(value)) {
            return fill(value, fill);
        }
        SqlNode replaced = value.accept(new SqlShuttle() {
            @Override
            public @Nullable SqlNode visit(SqlCall call) {
                if (Sampling.isQuery(call)) {
                    return call;
                }
                return isAggregate(call) ? fill(call, fill) : super.visit(call);
            }
        });
        return replaced == null ? value : replaced;
    }

    private static boolean hasWindow(SqlNode value) {
        boolean[] found = {false};
        value.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                found[0] |= call.getKind() == SqlKind.OVER;
                return Sampling.isQuery(call) ? null : super.visit(call);
            }
        });
        return found[0];
    }

    private static SqlNode fill(SqlNode value, SqlNode fill) {
        SqlParserPos position = value.getParserPosition();
        if (Sampling.isWord(fill, "PREV")) {
            return SyntaxRewrite.function("locf", position, List.of(value));
        } else if (Sampling.isWord(fill, "LINEAR")) {
            return SyntaxRewrite.function("interpolate", fill.getParserPosition(), List.of(value));
        } else if (fill instanceof SqlIdentifier) {
            throw Sampling.error(
                    "'" + fill + "' is no fill; there are NULL, PREV, LINEAR, NONE and constants",
                    fill.getParserPosition());
        }
        // a node of its own for each aggregate: Calcite remembers one type for each node
        SqlNode constant = SqlNode.clone(fill);
        return SyntaxRewrite.function("fill_value", position, List.of(value, constant));
    }
}
