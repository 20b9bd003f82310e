package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.ast.AsofUsingJoin;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/** Calcite's validator, and as-of joins with USING. For one statement. */
final class StatementValidator extends SqlValidatorImpl {
    private static final int MATCH_CONDITION = 6;

    private final List<AsofUsingJoin> asofJoins = new ArrayList<>();

    StatementValidator(
            SqlOperatorTable operators,
            SqlValidatorCatalogReader catalog,
            RelDataTypeFactory typeFactory,
            Config config) {
        super(operators, catalog, typeFactory, config);
    }

    /** To be called between validation and conversion: as-of joins with USING get their conditions. */
    void finish() {
        asofJoins.forEach(AsofUsingJoin::turnIntoOn);
    }

    @Override
    protected void validateJoin(SqlJoin join, SqlValidatorScope scope) {
        if (!(join instanceof AsofUsingJoin asof)) {
            super.validateJoin(join, scope);
            return;
        }
        SqlValidatorScope joinScope = getJoinScope(join);
        validateFrom(join.getLeft(), unknownType, joinScope);
        validateFrom(join.getRight(), unknownType, joinScope);
        List<SqlNode> columns = asof.columns().getList();
        SqlNode keys = SqlLiteral.createBoolean(true, SqlParserPos.ZERO);
        for (int i = 0; i < columns.size(); i++) {
            SqlIdentifier column = (SqlIdentifier) columns.get(i);
            SqlParserPos position = column.getParserPosition();
            SqlNode left = side(join.getLeft(), column, "left");
            SqlNode right = side(join.getRight(), column, "right");
            if (i == columns.size() - 1) {
                SqlNode match = SqlStdOperatorTable.GREATER_THAN_OR_EQUAL.createCall(position, left, right);
                match = expand(match, joinScope);
                join.setOperand(MATCH_CONDITION, match);
                validateWhereOrOn(joinScope, match, "USING");
            } else {
                SqlNode equal = SqlStdOperatorTable.EQUALS.createCall(position, left, right);
                keys = i == 0 ? equal : SqlStdOperatorTable.AND.createCall(position, keys, equal);
            }
        }
        keys = expand(keys, joinScope);
        validateWhereOrOn(joinScope, keys, "USING");
        asof.setKeys(keys);
        asofJoins.add(asof);
    }

    /** A column of USING, qualified by the table on that side that has it. */
    private SqlNode side(SqlNode from, SqlIdentifier column, String side) {
        SqlNode found = find(from, column);
        if (found == null) {
            throw new EngineException(
                    ErrorCode.UNDEFINED_COLUMN,
                    "column '" + column.getSimple() + "' of USING is not in the table on the " + side + " of ASOF JOIN",
                    column.getParserPosition().getLineNum(),
                    column.getParserPosition().getColumnNum(),
                    null);
        }
        return found;
    }

    private @Nullable SqlNode find(SqlNode from, SqlIdentifier column) {
        if (from instanceof SqlJoin join) {
            SqlNode left = find(join.getLeft(), column);
            return left != null ? left : find(join.getRight(), column);
        }
        SqlValidatorNamespace namespace = getNamespace(from);
        String alias = SqlValidatorUtil.alias(from);
        if (namespace == null || alias == null) {
            return null;
        }
        RelDataTypeField field = getCatalogReader().nameMatcher().field(namespace.getRowType(), column.getSimple());
        return field == null ? null : new SqlIdentifier(List.of(alias, field.getName()), column.getParserPosition());
    }
}
