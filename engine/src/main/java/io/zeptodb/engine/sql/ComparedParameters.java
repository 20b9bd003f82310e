package io.zeptodb.engine.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/** What question marks are that are compared in rows, with the values of a list, or with the columns of a query: what stands in their place on the other side. */
final class ComparedParameters {
    private final StatementValidator validator;

    ComparedParameters(StatementValidator validator) {
        this.validator = validator;
    }

    /** Tells the types of all question marks of such a comparison; false when the call is none, or none with a question mark to be told here. */
    boolean infer(SqlCall call, SqlValidatorScope scope) {
        if (call.operandCount() != 2 || call.operand(0) == null || call.operand(1) == null) {
            return false;
        }
        SqlNode value = call.operand(0);
        SqlNode others = call.operand(1);
        boolean row = value.getKind() == SqlKind.ROW;
        if (!isMembership(call)) {
            return row && call.isA(SqlKind.COMPARISON) && ofRows(List.of(value, others), scope);
        }
        if (others instanceof SqlNodeList list) {
            List<SqlNode> all = new ArrayList<>(list.getList());
            all.add(0, value);
            return row ? ofRows(all, scope) : value instanceof SqlDynamicParam && ofValues(all, scope);
        }
        return others.isA(SqlKind.QUERY) && ofColumns(value, others, scope);
    }

    private static boolean isMembership(SqlCall call) {
        return switch (call.getKind()) {
            case IN, NOT_IN, SOME, ALL -> true;
            default -> false;
        };
    }

    private boolean ofRows(List<SqlNode> rows, SqlValidatorScope scope) {
        int size = ((SqlCall) rows.get(0)).operandCount();
        for (SqlNode row : rows) {
            if (row.getKind() != SqlKind.ROW || ((SqlCall) row).operandCount() != size) {
                return false; // an error of its own
            }
        }
        for (int i = 0; i < size; i++) {
            List<SqlNode> values = new ArrayList<>();
            for (SqlNode row : rows) {
                values.add(((SqlCall) row).operand(i));
            }
            boolean nested = values.get(0).getKind() == SqlKind.ROW && ofRows(values, scope);
            if (!nested) {
                ofValues(values, scope);
            }
        }
        return true;
    }

    private boolean ofValues(List<SqlNode> values, SqlValidatorScope scope) {
        RelDataType type = validator.firstKnown(values, scope);
        for (SqlNode value : values) {
            infer(value, type, scope);
        }
        return true;
    }

    private boolean ofColumns(SqlNode value, SqlNode query, SqlValidatorScope scope) {
        List<SqlNode> values = value.getKind() == SqlKind.ROW ? ((SqlCall) value).getOperandList() : List.of(value);
        if (values.stream().noneMatch(SqlDynamicParam.class::isInstance)) {
            return false;
        }
        List<RelDataTypeField> columns = validator.deriveType(scope, query).getFieldList();
        if (columns.size() != values.size()) {
            return false; // an error of its own
        }
        for (int i = 0; i < columns.size(); i++) {
            infer(values.get(i), columns.get(i).getType(), scope);
        }
        return true;
    }

    private void infer(SqlNode value, RelDataType type, SqlValidatorScope scope) {
        validator.inferUnknownTypes(value instanceof SqlDynamicParam ? type : validator.getUnknownType(), scope, value);
    }
}
