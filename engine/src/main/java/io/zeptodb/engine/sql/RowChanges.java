package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Suggestion;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.sql.ast.PlainSelect;
import io.zeptodb.engine.sql.schema.CatalogReader;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE and DELETE as queries of the rows that they change. Both read the table of {@link CatalogReader#CHANGED}, where the sequence of each row
 * is a column: DELETE is the query of the sequences, UPDATE an INSERT of the rows as they become into that same table, so that whatever holds for
 * values of an INSERT holds for those of SET. For one statement.
 */
final class RowChanges {
    private static final String SEQUENCE = "$sequence";

    private final TableMetadata table;
    private final SqlIdentifier tableName;
    private final SqlIdentifier alias;
    private final boolean isAliased;
    private final String sequenceName;

    /**
     * @param target the table as the statement names it
     * @param alias what it is called in the statement, or null
     * @param sql the statement, no part of which may mean the sequence
     */
    RowChanges(SqlNode target, @Nullable SqlIdentifier alias, Catalog catalog, String sql) {
        if (!(target instanceof SqlIdentifier name)) {
            throw SyntaxRewrite.unsupported(
                    "to change anything but a table (no hints, no further columns)", target.getParserPosition());
        }
        this.table = TableNames.find(name, catalog);
        this.tableName = name;
        this.isAliased = alias != null;
        this.alias = alias != null ? alias : new SqlIdentifier(table.name(), quoted(name));
        StringBuilder free = new StringBuilder(SEQUENCE);
        while (sql.contains(free) || table.schema().ordinalOf(free.toString()) != TableSchema.NONE) {
            free.append('$');
        }
        this.sequenceName = free.toString();
    }

    private static SqlParserPos quoted(SqlNode node) {
        return node.getParserPosition().withQuoting(true);
    }

    TableMetadata table() {
        return table;
    }

    /** What the sequence of the rows is called in the table of {@link CatalogReader#CHANGED}. */
    String sequenceName() {
        return sequenceName;
    }

    /** The ordinals of the columns that SET names, in its order. */
    List<Integer> assigned(SqlNodeList columns) {
        List<SqlNode> names = new ArrayList<>();
        for (SqlNode target : columns) {
            names.add(columnName((SqlIdentifier) target));
        }
        return TableNames.ordinals(table, new SqlNodeList(names, columns.getParserPosition()));
    }

    /** The table whose rows are changed, with the sequence of each, for FROM. */
    SqlNode target() {
        return SqlStdOperatorTable.AS.createCall(tableName.getParserPosition(), changed(), alias);
    }

    /** The sequence of its rows. */
    SqlIdentifier sequence(SqlParserPos position) {
        return reference(sequenceName, position);
    }

    /** Whether a name with a qualifier is that of a column of it. */
    boolean isTarget(SqlIdentifier name) {
        int last = name.names.size() - 1;
        return (last == 1 && name.names.get(0).equalsIgnoreCase(alias.getSimple()))
                || (!isAliased && TableNames.names(name.getComponent(0, last), table));
    }

    /** A column of SET: its name, before which the table's or its alias may stand. */
    private SqlIdentifier columnName(SqlIdentifier target) {
        int last = target.names.size() - 1;
        SqlIdentifier column = target.getComponent(last);
        boolean own = last == 0
                || (last == 1 && target.names.get(0).equalsIgnoreCase(alias.getSimple()))
                || (!isAliased && TableNames.names(target.getComponent(0, last), table));
        if (!own) {
            throw TableNames.at(
                    ErrorCode.UNDEFINED_TABLE,
                    "UPDATE changes columns of '" + alias.getSimple() + "', there is no '"
                            + String.join(".", target.names.subList(0, last)) + "'"
                            + Suggestion.of(target.names.get(0), List.of(alias.getSimple())),
                    target.getParserPosition());
        }
        return column;
    }

    /**
     * {@code INSERT INTO changed SELECT every column as it becomes, sequence FROM changed, others WHERE …}.
     *
     * @param from the other tables, or null
     */
    SqlInsert update(SqlUpdate update, @Nullable SqlNode from, List<Integer> assigned) {
        SqlParserPos position = update.getParserPosition();
        List<SqlNode> values = new ArrayList<>();
        for (ColumnDefinition column : table.schema().columns()) {
            values.add(reference(column.name(), position));
        }
        for (int i = 0; i < assigned.size(); i++) {
            SqlNode value = update.getSourceExpressionList().get(i);
            // no column has another default
            boolean isDefault = value.getKind() == SqlKind.DEFAULT;
            values.set(
                    assigned.get(i),
                    isDefault ? SqlLiteral.createNull(value.getParserPosition()) : withoutSchema(value));
        }
        values.add(reference(sequenceName, position));
        return new SqlInsert(
                position,
                SqlNodeList.EMPTY,
                changed(),
                select(new SqlNodeList(values, position), from, update.getCondition(), position),
                null);
    }

    /**
     * {@code SELECT sequence FROM changed, others WHERE …}.
     *
     * @param using the other tables, or null
     */
    SqlSelect delete(SqlDelete delete, @Nullable SqlNode using) {
        SqlParserPos position = delete.getParserPosition();
        return select(SqlNodeList.of(reference(sequenceName, position)), using, delete.getCondition(), position);
    }

    private SqlSelect select(
            SqlNodeList columns, @Nullable SqlNode others, @Nullable SqlNode condition, SqlParserPos position) {
        SqlNode from = target();
        if (others != null) {
            from = new SqlJoin(
                    others.getParserPosition(),
                    from,
                    SqlLiteral.createBoolean(false, position),
                    JoinType.COMMA.symbol(position),
                    others,
                    JoinConditionType.NONE.symbol(position),
                    null);
        }
        return PlainSelect.of(position, columns, from, condition == null ? null : withoutSchema(condition));
    }

    private SqlIdentifier changed() {
        return new SqlIdentifier(
                List.of(CatalogReader.CATALOG, CatalogReader.CHANGED, table.name()), tableName.getParserPosition());
    }

    /** A column of it. */
    SqlIdentifier reference(String column, SqlParserPos position) {
        return new SqlIdentifier(List.of(alias.getSimple(), column), null, position, List.of(position, position));
    }

    /** {@code main.t.c} as {@code t.c}: the table has another schema here. */
    SqlNode withoutSchema(SqlNode node) {
        if (isAliased) {
            return node;
        }
        SqlNode shorter = node.accept(new SqlShuttle() {
            @Override
            public SqlNode visit(SqlIdentifier name) {
                int last = name.names.size() - 1;
                boolean qualified = last > 1 && TableNames.names(name.getComponent(0, last), table);
                return qualified ? name.getComponent(last - 1, last + 1) : name;
            }
        });
        return shorter == null ? node : shorter;
    }
}
