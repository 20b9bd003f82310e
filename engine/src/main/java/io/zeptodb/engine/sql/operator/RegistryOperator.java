package io.zeptodb.engine.sql.operator;

import org.apache.calcite.sql.SqlBinaryOperator;

/** An infix operator ({@code + - * / % ||}) with the registry's types: in precedence and kind like Calcite's of the same sign. */
public final class RegistryOperator extends SqlBinaryOperator {
    RegistryOperator(SqlBinaryOperator calcite, RegistryTypes types) {
        super(calcite.getName(), calcite.getKind(), calcite.getLeftPrec(), true, types, types, types);
    }
}
