package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlPostfixOperator;
import org.apache.calcite.sql.SqlPrefixOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.parser.SqlParserUtil;
import org.apache.calcite.sql.parser.SqlParserUtil.ToTreeListItem;

/**
 * Makes a tree of operands and operators as they stand in the text, in time that grows with their number. Calcite's own way looks at all of them
 * for each operator: a chain of some ten thousand terms takes minutes, and no time-out ends it. So the list is cut at its loosest operators first, over
 * and over, and only what has no binary one as its loosest is left to Calcite: operators with a grammar of their own, such as LIKE and BETWEEN, and
 * those that stand before or behind one operand. Called by the generated parser. Not thread-safe.
 */
public final class OperatorTree {
    /** What Calcite is given at most, which takes it some tenths of a second. */
    static final int MOST_UNCUT = 10_000;

    private static final int ABSENT = Integer.MAX_VALUE;

    private final List<Object> tokens;
    /** How tightly an operator holds the operands beside it, on its looser side; ABSENT for operands, and for what belongs to an operator before it. */
    private final int[] tightness;
    /** Binary operators that take their left neighbour first, with an operand on both sides. */
    private final boolean[] cuttable;

    private OperatorTree(List<Object> tokens) {
        this.tokens = tokens;
        this.tightness = new int[tokens.size()];
        this.cuttable = new boolean[tokens.size()];
    }

    /**
     * The tree that Calcite's {@link SqlParserUtil#toTree} makes of the same list.
     *
     * @param tokens operands ({@link SqlNode}) and operators ({@link ToTreeListItem}); left as they are
     * @throws EngineException STATEMENT_TOO_COMPLEX at the first of more than ten thousand that cannot be cut
     */
    public static SqlNode of(List<Object> tokens) {
        if (tokens.size() == 1 && tokens.get(0) instanceof SqlNode node) {
            return node;
        }
        OperatorTree tree = new OperatorTree(tokens);
        return tree.weigh() ? tree.reduce(0, tokens.size()) : tree.uncut(0, tokens.size());
    }

    /** False when it cannot be said what belongs to a BETWEEN: when another one, NOT or ESCAPE is part of its bounds. */
    private boolean weigh() {
        boolean between = false;
        boolean upperBound = false;
        for (int i = 0; i < tokens.size(); i++) {
            tightness[i] = ABSENT;
            if (!(tokens.get(i) instanceof ToTreeListItem item)) {
                continue;
            }
            SqlOperator operator = item.getOperator();
            if (between) {
                // all up to its AND is its own
                if (operator.kind == SqlKind.BETWEEN || operator.kind == SqlKind.NOT) {
                    return false;
                }
                between = operator.kind != SqlKind.AND;
                upperBound = !between;
                continue;
            }
            between = operator.kind == SqlKind.BETWEEN;
            upperBound &= operator.kind != SqlKind.AND && operator.kind != SqlKind.OR;
            if (operator.kind == SqlKind.ESCAPE) { // that of the LIKE before it
                if (upperBound) {
                    return false;
                }
            } else {
                tightness[i] = tightness(operator);
                cuttable[i] = operator instanceof SqlBinaryOperator
                        && operator.getLeftPrec() < operator.getRightPrec()
                        && isOperand(i - 1)
                        && isOperand(i + 1);
            }
        }
        return !between;
    }

    private static int tightness(SqlOperator operator) {
        if (operator instanceof SqlPrefixOperator) {
            return operator.getLeftPrec();
        }
        if (operator instanceof SqlPostfixOperator) {
            return operator.getRightPrec();
        }
        return operator instanceof SqlBinaryOperator
                ? operator.getLeftPrec()
                : Math.min(operator.getLeftPrec(), operator.getRightPrec());
    }

    /** Whether an operand begins or ends here: before one there may be signs, behind one tests such as IS NULL. */
    private boolean isOperand(int place) {
        return place >= 0
                && place < tokens.size()
                && (tokens.get(place) instanceof SqlNode
                        || !(((ToTreeListItem) tokens.get(place)).getOperator() instanceof SqlBinaryOperator));
    }

    private SqlNode reduce(int from, int to) {
        if (to - from == 1 && tokens.get(from) instanceof SqlNode node) {
            return node;
        }
        int loosest = ABSENT;
        for (int i = from; i < to; i++) {
            loosest = Math.min(loosest, tightness[i]);
        }
        return loosest == ABSENT || !isCutAt(loosest, from, to) ? uncut(from, to) : cut(loosest, from, to);
    }

    /** Whether all that is as loose are binary operators inside. Right and left sides differ by one: what is so near to them is not cut from them. */
    private boolean isCutAt(int loosest, int from, int to) {
        for (int i = from; i < to; i++) {
            if (tightness[i] <= loosest + 1 && !(tightness[i] == loosest && cuttable[i] && i > from && i < to - 1)) {
                return false;
            }
        }
        return true;
    }

    private SqlNode cut(int loosest, int from, int to) {
        int end = nextCut(loosest, from, to);
        SqlNode tree = reduce(from, end);
        while (end < to) {
            int next = nextCut(loosest, end + 1, to);
            tree = call((ToTreeListItem) tokens.get(end), tree, reduce(end + 1, next));
            end = next;
        }
        return tree;
    }

    private int nextCut(int loosest, int from, int to) {
        int at = from;
        while (at < to && tightness[at] != loosest) {
            at++;
        }
        return at;
    }

    private static SqlNode call(ToTreeListItem operator, SqlNode left, SqlNode right) {
        List<SqlNode> operands = List.of(left, right);
        return operator.getOperator().createCall(operator.getPos().plusAll(operands), operands);
    }

    private SqlNode uncut(int from, int to) {
        if (to - from > MOST_UNCUT) {
            SqlParserPos place = tokens.get(from) instanceof SqlNode node
                    ? node.getParserPosition()
                    : ((ToTreeListItem) tokens.get(from)).getPos();
            throw new EngineException(
                    ErrorCode.STATEMENT_TOO_COMPLEX,
                    String.format(
                            Locale.ROOT,
                            "an expression has %,d operators and operands in a row that cannot be taken apart, %,d is the most:"
                                    + " put parentheses around parts of it",
                            to - from,
                            MOST_UNCUT),
                    place.getLineNum(),
                    place.getColumnNum(),
                    null);
        }
        SqlNode tree = SqlParserUtil.toTree(new ArrayList<>(tokens.subList(from, to)));
        if (tree == null) {
            throw new AssertionError("no tree of " + tokens.subList(from, to));
        }
        return tree;
    }
}
