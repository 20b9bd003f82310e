package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/**
 * {@code LATEST ON time PARTITION BY key, …} goes through the validator as the last condition of WHERE, whose names it may use, and is taken out of
 * the filter again when the relational tree is there. Operands: the time, then the keys.
 */
public final class LatestOn extends SqlSpecialOperator {
    /** The one instance. */
    public static final LatestOn OPERATOR = new LatestOn();

    private LatestOn() {
        super("LATEST ON", SqlKind.OTHER, 0, true, ReturnTypes.BOOLEAN_NOT_NULL, null, OperandTypes.VARIADIC);
    }

    /** Called by the generated parser. */
    public static SqlNode condition(
            @Nullable SqlNode where, SqlIdentifier time, List<SqlNode> keys, SqlParserPos position) {
        List<SqlNode> operands = new ArrayList<>();
        operands.add(time);
        operands.addAll(keys);
        SqlNode latest = OPERATOR.createCall(position, operands);
        return where == null
                ? latest
                : SqlStdOperatorTable.AND.createCall(where.getParserPosition().plus(position), where, latest);
    }

    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
        for (SqlNode operand : call.getOperandList()) {
            validator.deriveType(scope, operand);
        }
        SqlNode time = call.operand(0);
        RelDataType type = validator.deriveType(scope, time);
        if (!SqlTypeUtil.isDatetime(type) && !SqlTypeUtil.isIntType(type)) {
            SqlParserPos position = time.getParserPosition();
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH,
                    "LATEST ON goes by a timestamp, '" + time + "' is " + type.getSqlTypeName(),
                    position.getLineNum(),
                    position.getColumnNum(),
                    null);
        }
        return validator.getTypeFactory().createSqlType(SqlTypeName.BOOLEAN);
    }

    /** Whether a call is of this operator. */
    public static boolean isOperator(SqlOperator operator) {
        return operator instanceof LatestOn;
    }
}
