package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * {@code ||} as it is parsed: it binds looser than {@code + - * / %} and tighter than comparisons, LIKE and BETWEEN, as in PostgreSQL; Calcite's binds as
 * {@code *} does, so that {@code 'S' || n % 10} had the remainder of a text. The validator finds the operator of this sign that has our types.
 */
public final class Concatenation extends SqlBinaryOperator {
    /** Between LIKE, 32, and plus, 40. */
    private static final int PRECEDENCE = 36;

    public static final Concatenation OPERATOR = new Concatenation();

    private Concatenation() {
        super(
                SqlStdOperatorTable.CONCAT.getName(),
                SqlStdOperatorTable.CONCAT.getKind(),
                PRECEDENCE,
                true,
                SqlStdOperatorTable.CONCAT.getReturnTypeInference(),
                SqlStdOperatorTable.CONCAT.getOperandTypeInference(),
                SqlStdOperatorTable.CONCAT.getOperandTypeChecker());
    }
}
