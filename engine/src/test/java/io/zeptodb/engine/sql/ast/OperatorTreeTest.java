package io.zeptodb.engine.sql.ast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.parser.SqlParserUtil;
import org.apache.calcite.sql.parser.SqlParserUtil.ToTreeListItem;
import org.apache.calcite.util.Litmus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calcite's own way, which is right and slow, is the model. */
class OperatorTreeTest {
    private static final List<SqlOperator> BINARY = List.of(
            SqlStdOperatorTable.OR,
            SqlStdOperatorTable.AND,
            SqlStdOperatorTable.AND,
            SqlStdOperatorTable.EQUALS,
            SqlStdOperatorTable.LESS_THAN,
            SqlStdOperatorTable.NOT_EQUALS,
            SqlStdOperatorTable.PLUS,
            SqlStdOperatorTable.MINUS,
            SqlStdOperatorTable.MULTIPLY,
            SqlStdOperatorTable.DIVIDE,
            SqlStdOperatorTable.PERCENT_REMAINDER,
            SqlStdOperatorTable.IS_DISTINCT_FROM,
            SqlStdOperatorTable.UNION_ALL,
            SqlStdOperatorTable.INTERSECT,
            SqlLibraryOperators.INFIX_CAST,
            Concatenation.OPERATOR,
            OperatorSyntax.BIT_OR,
            OperatorSyntax.SHIFT_RIGHT,
            OperatorSyntax.AT_TIME_ZONE);
    private static final List<SqlOperator> PREFIX = List.of(
            SqlStdOperatorTable.NOT,
            SqlStdOperatorTable.UNARY_MINUS,
            SqlStdOperatorTable.UNARY_PLUS,
            OperatorSyntax.BIT_NOT,
            SqlStdOperatorTable.EXISTS);
    private static final List<SqlOperator> POSTFIX =
            List.of(SqlStdOperatorTable.IS_NULL, SqlStdOperatorTable.IS_NOT_TRUE, SqlStdOperatorTable.IS_NOT_UNKNOWN);
    private static final List<SqlOperator> LIKE = List.of(
            SqlStdOperatorTable.LIKE,
            SqlStdOperatorTable.NOT_LIKE,
            SqlLibraryOperators.ILIKE,
            SqlStdOperatorTable.SIMILAR_TO);
    private static final List<SqlOperator> BETWEEN = List.of(
            SqlStdOperatorTable.BETWEEN, SqlStdOperatorTable.NOT_BETWEEN, SqlStdOperatorTable.SYMMETRIC_BETWEEN);

    /** A text's operands and operators, each with a place of its own. */
    private static final class Tokens {
        private final List<Object> list = new ArrayList<>();
        private final Random random;

        Tokens(long seed) {
            this.random = new Random(seed);
        }

        SqlParserPos place() {
            return new SqlParserPos(1, list.size() + 1);
        }

        void add(SqlOperator operator) {
            list.add(new ToTreeListItem(operator, place()));
        }

        void addOneOf(List<SqlOperator> operators) {
            add(operators.get(random.nextInt(operators.size())));
        }

        void operand() {
            while (random.nextInt(5) == 0) {
                addOneOf(PREFIX);
            }
            list.add(
                    random.nextInt(4) == 0
                            ? SqlLiteral.createExactNumeric("" + list.size(), place())
                            : new SqlIdentifier("c" + list.size(), place()));
            while (random.nextInt(8) == 0) {
                addOneOf(POSTFIX);
            }
        }

        /** As the grammar makes them: an operator, and what stands behind it. */
        void more() {
            switch (random.nextInt(8)) {
                case 0 -> {
                    addOneOf(LIKE);
                    operand();
                    if (random.nextBoolean()) {
                        add(SqlStdOperatorTable.ESCAPE);
                        operand();
                    }
                }
                case 1 -> {
                    addOneOf(BETWEEN);
                    operand();
                    while (random.nextInt(4) == 0) {
                        more();
                    }
                    if (random.nextInt(20) > 0) {
                        add(SqlStdOperatorTable.AND);
                        operand();
                    }
                }
                case 2 -> {
                    add(random.nextBoolean() ? SqlStdOperatorTable.IN : SqlStdOperatorTable.NOT_IN);
                    list.add(new SqlNodeList(List.of(SqlLiteral.createNull(place())), place()));
                }
                default -> {
                    addOneOf(BINARY);
                    operand();
                }
            }
        }
    }

    private static String outcome(Supplier<SqlNode> reduction) {
        try {
            return written(reduction.get());
        } catch (RuntimeException | AssertionError e) {
            return "refused";
        }
    }

    /** All of it: operators with their classes, operands, and the place of each. */
    private static String written(SqlNode node) {
        if (!(node instanceof SqlCall call)) {
            return node + "@" + node.getParserPosition();
        }
        StringBuilder text = new StringBuilder()
                .append(System.identityHashCode(call.getOperator()))
                .append(call.getOperator())
                .append('(');
        call.getOperandList()
                .forEach(operand ->
                        text.append(operand == null ? "-" : written(operand)).append(", "));
        return text.append(")@").append(call.getParserPosition()).toString();
    }

    @Test
    void treesAreThoseOfCalcite() {
        int refused = 0;
        for (long seed = 0; seed < 60_000; seed++) {
            Tokens tokens = new Tokens(seed);
            tokens.operand();
            for (int more = tokens.random.nextInt(12); more > 0; more--) {
                tokens.more();
            }
            List<Object> before = List.copyOf(tokens.list);
            String ours = outcome(() -> OperatorTree.of(tokens.list));
            assertThat(tokens.list).isEqualTo(before);
            String theirs = outcome(() -> SqlParserUtil.toTree(new ArrayList<>(before)));
            assertThat(ours).as("seed %d: %s", seed, before).isEqualTo(theirs);
            refused += ours.equals("refused") ? 1 : 0;
        }
        assertThat(refused).isBetween(100, 20_000);
    }

    @Test
    @Timeout(120)
    void aLongChainIsTakenApart() {
        int terms = 200_000;
        Tokens tokens = new Tokens(1);
        for (int i = 0; i < terms; i++) {
            if (i > 0) {
                tokens.add(i % 2 == 0 ? SqlStdOperatorTable.OR : SqlStdOperatorTable.AND);
            }
            tokens.list.add(new SqlIdentifier("c", tokens.place()));
            tokens.add(i % 3 == 0 ? SqlStdOperatorTable.EQUALS : SqlStdOperatorTable.BETWEEN);
            tokens.list.add(SqlLiteral.createExactNumeric("1", tokens.place()));
            if (i % 3 > 0) {
                tokens.add(SqlStdOperatorTable.AND);
                tokens.add(SqlStdOperatorTable.UNARY_MINUS);
                tokens.list.add(SqlLiteral.createExactNumeric("2", tokens.place()));
            }
        }
        SqlNode tree = OperatorTree.of(tokens.list);
        int ors = 0;
        while (tree.getKind() == SqlKind.OR) {
            ors++;
            tree = ((SqlCall) tree).operand(0);
        }
        assertThat(ors).isEqualTo(terms / 2 - 1);
    }

    @Test
    void whatCannotBeTakenApartHasALimit() {
        Tokens tokens = new Tokens(1);
        for (int i = 0; i < OperatorTree.MOST_UNCUT; i++) {
            tokens.add(SqlStdOperatorTable.NOT);
        }
        tokens.list.add(new SqlIdentifier("c", tokens.place()));
        assertThatThrownBy(() -> OperatorTree.of(tokens.list))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_TOO_COMPLEX);
                    assertThat(e.column()).isEqualTo(1);
                })
                .hasMessageContaining("10,001 operators and operands")
                .hasMessageContaining("10,000 is the most");
        tokens.list.subList(0, OperatorTree.MOST_UNCUT - 100).clear();
        SqlNode few = OperatorTree.of(tokens.list);
        assertThat(few.equalsDeep(SqlParserUtil.toTree(new ArrayList<>(tokens.list)), Litmus.IGNORE))
                .isTrue();
    }
}
