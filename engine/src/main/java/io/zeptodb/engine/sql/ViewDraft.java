package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.ast.CreateViewNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * A view as CREATE VIEW names it; what its query gives is not known yet.
 *
 * @param columns the names that the statement gives its columns; empty when they are the query's
 * @param position of the name
 */
public record ViewDraft(String name, List<SqlIdentifier> columns, CreateViewNode.Manner manner, SqlParserPos position) {
    public ViewDraft {
        columns = List.copyOf(columns);
    }

    /**
     * The columns of the view.
     *
     * @param query what the plan of its query gives
     * @throws EngineException INVALID_TABLE_DEFINITION, DUPLICATE_COLUMN with a place
     */
    public List<ColumnDefinition> columns(Statement.Query query) {
        int count = query.columns().size();
        if (!columns.isEmpty() && columns.size() != count) {
            throw TableNames.at(
                    ErrorCode.INVALID_TABLE_DEFINITION,
                    "view '" + name + "' names " + columns.size() + " columns, its query gives " + count,
                    position);
        }
        List<ColumnDefinition> defined = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            SqlParserPos place = columns.isEmpty() ? position : columns.get(i).getParserPosition();
            String column = columns.isEmpty()
                    ? query.columns().get(i).label()
                    : columns.get(i).getSimple();
            if (!names.add(column.toLowerCase(Locale.ROOT))) {
                throw TableNames.at(
                        ErrorCode.DUPLICATE_COLUMN,
                        "view '" + name + "' would have two columns '" + column + "': give one another name",
                        place);
            }
            ColumnType type = query.columns().get(i).type();
            if (type.kind() == TypeKind.NULL) {
                throw TableNames.at(
                        ErrorCode.INVALID_TABLE_DEFINITION,
                        "column '" + column + "' of view '" + name + "' has no type: cast it",
                        place);
            }
            defined.add(
                    new ColumnDefinition(column, type, query.columns().get(i).nullable()));
        }
        return defined;
    }
}
