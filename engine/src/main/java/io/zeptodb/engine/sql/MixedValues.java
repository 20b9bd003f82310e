package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.type.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Static;
import org.jspecify.annotations.Nullable;

/**
 * Columns of set operations and of VALUES, and results of CASE, COALESCE, ARRAY and lists behind IN, that have no type in common: Calcite says so without the types, and
 * points at the first query or the whole call.
 */
final class MixedValues {
    private static final Set<String> MIXED = Set.of(
            Static.RESOURCE.illegalMixingOfTypes().str(),
            Static.RESOURCE.needSameTypeParameter().str(),
            Static.RESOURCE.incompatibleTypesInList().str());

    private MixedValues() {}

    /** The error of the first such column of a set operation whose queries are validated; null when there is none. */
    static @Nullable EngineException ofQueries(SqlCall operation, SqlValidator validator) {
        List<RelDataTypeField> first = fields(operation.operand(0), validator);
        for (int i = 1; i < operation.operandCount(); i++) {
            SqlNode query = operation.operand(i);
            List<RelDataTypeField> fields = fields(query, validator);
            for (int column = 0; column < first.size() && column < fields.size(); column++) {
                RelDataType type = fields.get(column).getType();
                RelDataType other = first.get(column).getType();
                if (haveNothingInCommon(type, other, validator)) {
                    return differ(column, type, other, "the other query", place(query, column));
                }
            }
        }
        return null;
    }

    /** The error of the first such column of a VALUES, whose rows have one length; null when there is none. */
    static @Nullable EngineException ofValues(SqlCall values, SqlValidator validator, SqlValidatorScope scope) {
        SqlCall first = values.operand(0);
        for (int column = 0; column < first.operandCount(); column++) {
            RelDataType known = validator.deriveType(scope, first.operand(column));
            for (SqlNode row : values.getOperandList()) {
                SqlNode value = ((SqlCall) row).operand(column);
                RelDataType type = validator.deriveType(scope, value);
                RelDataType both = validator.getTypeFactory().leastRestrictive(List.of(known, type));
                if (both == null) {
                    return differ(column, type, known, "the rows before", value.getParserPosition());
                }
                known = both;
            }
        }
        return null;
    }

    /**
     * The error of results of a CASE, of operands of COALESCE or ARRAY, or of the values or rows of a list behind IN.
     *
     * @param message what Calcite says of the node
     * @return null when it says something else
     */
    static @Nullable EngineException ofResults(SqlNode node, String message, SqlValidator validator) {
        if (!MIXED.contains(message)) {
            return null;
        }
        for (List<SqlNode> results : results(node)) {
            EngineException mixed = ofResults(results, validator);
            if (mixed != null) {
                return mixed;
            }
        }
        return null;
    }

    /** What must have one type: of a list of rows, the values of each column. */
    private static List<List<SqlNode>> results(SqlNode node) {
        List<SqlNode> results = new ArrayList<>();
        if (node instanceof SqlCase choice) {
            results.addAll(choice.getThenOperands().getList());
            SqlNode otherwise = choice.getElseOperand();
            results.addAll(otherwise == null ? List.of() : List.of(otherwise));
        } else if (node instanceof SqlNodeList list) {
            results.addAll(list.getList());
        } else if (node instanceof SqlCall call) {
            results.addAll(call.getOperandList());
        }
        boolean rows = !results.isEmpty() && results.stream().allMatch(result -> result.getKind() == SqlKind.ROW);
        if (!rows) {
            return List.of(results);
        }
        List<List<SqlNode>> columns = new ArrayList<>();
        for (int i = 0; i < ((SqlCall) results.get(0)).operandCount(); i++) {
            List<SqlNode> column = new ArrayList<>();
            for (SqlNode row : results) {
                if (i < ((SqlCall) row).operandCount()) {
                    column.add(((SqlCall) row).operand(i));
                }
            }
            columns.add(column);
        }
        return columns;
    }

    private static @Nullable EngineException ofResults(List<SqlNode> results, SqlValidator validator) {
        RelDataType known = null;
        for (SqlNode result : results) {
            RelDataType type = validator.getValidatedNodeTypeIfKnown(result);
            if (type == null || type.getSqlTypeName() == SqlTypeName.UNKNOWN) {
                continue;
            }
            if (known == null) {
                known = type;
                continue;
            }
            RelDataType both = validator.getTypeFactory().leastRestrictive(List.of(known, type));
            if (both == null) {
                return TableNames.at(
                        ErrorCode.DATATYPE_MISMATCH,
                        "this value is " + Types.toEngine(type) + ", one before it " + Types.toEngine(known)
                                + remedy(type, known),
                        result.getParserPosition());
            }
            known = both;
        }
        return null;
    }

    /** Months have no length in nanoseconds. */
    private static String remedy(RelDataType type, RelDataType other) {
        return SqlTypeUtil.isInterval(type) && SqlTypeUtil.isInterval(other)
                ? ": no type holds intervals of both kinds"
                : ": cast one of them";
    }

    private static List<RelDataTypeField> fields(SqlNode query, SqlValidator validator) {
        SqlValidatorNamespace namespace = validator.getNamespace(query);
        return namespace == null ? List.of() : namespace.getRowType().getFieldList();
    }

    private static boolean haveNothingInCommon(RelDataType type, RelDataType other, SqlValidator validator) {
        return validator.getTypeFactory().leastRestrictive(List.of(type, other)) == null;
    }

    private static EngineException differ(
            int column, RelDataType type, RelDataType other, String where, SqlParserPos position) {
        return TableNames.at(
                ErrorCode.DATATYPE_MISMATCH,
                "column " + (column + 1) + " is " + Types.toEngine(type) + " here and " + Types.toEngine(other) + " in "
                        + where + remedy(type, other),
                position);
    }

    /** Where a column of a query is written, or the query when it has none of its own. */
    static SqlParserPos place(SqlNode query, int column) {
        if (query instanceof SqlSelect select && column < select.getSelectList().size()) {
            return select.getSelectList().get(column).getParserPosition();
        }
        return query.getParserPosition();
    }
}
