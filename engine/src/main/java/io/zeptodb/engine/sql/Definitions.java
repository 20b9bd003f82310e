package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.EngineOption;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Suggestion;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.ast.AlterTableNode;
import io.zeptodb.engine.sql.ast.BackupNode;
import io.zeptodb.engine.sql.ast.CheckpointNode;
import io.zeptodb.engine.sql.ast.ColumnNode;
import io.zeptodb.engine.sql.ast.CreateTableNode;
import io.zeptodb.engine.sql.ast.DescribeNode;
import io.zeptodb.engine.sql.ast.OptionNode;
import io.zeptodb.engine.sql.ast.PartitionNode;
import io.zeptodb.engine.sql.ast.PlainSelect;
import io.zeptodb.engine.sql.ast.ShowCreateTableNode;
import io.zeptodb.engine.sql.ast.ShowTablesNode;
import io.zeptodb.engine.sql.ast.StatementNode;
import io.zeptodb.engine.sql.ast.TransactionNode;
import io.zeptodb.engine.sql.ast.TruncateNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSetOption;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Statements of ours as plain data: CREATE TABLE, DESCRIBE, SHOW, SET, and those of a few words. */
final class Definitions {
    private static final List<String> DESCRIPTION = List.of("column_name", "column_type", "nullable", "role");

    private Definitions() {}

    /** A statement that needs no planning. */
    static Statement statement(StatementNode node, Catalog catalog) {
        if (node instanceof DescribeNode describe) {
            return describe(describe, catalog);
        } else if (node instanceof ShowTablesNode) {
            return showTables(catalog);
        } else if (node instanceof ShowCreateTableNode show) {
            return constant(List.of("statement"), List.of(row(ViewStatements.text(show, catalog))));
        } else if (node instanceof AlterTableNode alter) {
            return Alterations.of(alter, catalog);
        } else if (node instanceof TruncateNode truncate) {
            return new Statement.Truncate(TableNames.find(truncate.table(), catalog));
        } else if (node instanceof TransactionNode transaction) {
            return switch (transaction.step()) {
                case BEGIN -> new Statement.Begin(transaction.readOnly());
                case MODES -> new Statement.SetTransaction(transaction.readOnly());
                case COMMIT -> new Statement.Commit();
                case ROLLBACK -> new Statement.Rollback();
            };
        } else if (node instanceof CheckpointNode) {
            return new Statement.Checkpoint();
        } else if (node instanceof BackupNode backup) {
            return new Statement.Backup(backup.folder());
        }
        throw SyntaxRewrite.unsupported(node.statementName(), node.getParserPosition());
    }

    /** What CREATE TABLE says of the table. */
    static TableDefinition table(CreateTableNode node) {
        List<ColumnDefinition> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ColumnNode column : node.columns()) {
            SqlDataTypeSpec type = column.type();
            if (node.query() != null) {
                nameOnly(column);
                continue;
            } else if (type == null) {
                throw invalid(
                        "column '" + column.name().getSimple() + "' has no type",
                        column.name().getParserPosition());
            }
            String name = column.name().getSimple();
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw TableNames.at(
                        ErrorCode.DUPLICATE_COLUMN,
                        "column '" + name + "' is named twice",
                        column.name().getParserPosition());
            }
            columns.add(AttributeNames.column(column, type));
        }
        SqlIdentifier timestamp = node.layout().timestamp();
        List<PartitionNode> partitions = node.layout().partitions();
        String name = TableNames.simple(node.name());
        String time = timestamp == null ? null : timestamp.getSimple();
        TableDefinition.Fate fate = new TableDefinition.Fate(
                dedupKeys(node), RetentionText.ofOptions(node.layout().options()));
        return partitions == null
                ? new TableDefinition(name, columns, time, null, fate)
                : partitioned(new TableDefinition(name, columns, time, null, fate), partitions);
    }

    private static List<String> dedupKeys(CreateTableNode node) {
        SqlNodeList keys = node.layout().dedupKeys();
        return keys == null
                ? List.of()
                : keys.stream().map(key -> ((SqlIdentifier) key).getSimple()).toList();
    }

    /** Before AS SELECT a column has no type: the query gives it. */
    private static void nameOnly(ColumnNode column) {
        SqlDataTypeSpec type = column.type();
        if (type != null) {
            throw SyntaxRewrite.unsupported(
                    "a column type before AS SELECT; write CAST in the query: it", type.getParserPosition());
        }
    }

    /** The query of CREATE TABLE … AS with its columns called as the statement says. */
    static SqlNode named(SqlNode query, CreateTableNode node) {
        if (node.columns().isEmpty()) {
            return query;
        }
        SqlParserPos position = node.getParserPosition();
        List<SqlNode> operands = new ArrayList<>();
        operands.add(query);
        operands.add(new SqlIdentifier("source", position.withQuoting(true)));
        node.columns().forEach(column -> operands.add(column.name()));
        return PlainSelect.star(position, SqlStdOperatorTable.AS.createCall(position, operands), null);
    }

    private static TableDefinition partitioned(TableDefinition plain, List<PartitionNode> items) {
        String key = null;
        String time = plain.timestamp();
        TimeSlice slice = TimeSlice.NONE;
        for (PartitionNode item : items) {
            SqlParserPos position = item.name().getParserPosition();
            String word = item.name().getSimple();
            SqlIdentifier column = item.column();
            if (column != null) {
                if (slice != TimeSlice.NONE) {
                    throw invalid("PARTITION BY takes one of HOUR, DAY and MONTH", position);
                }
                slice = slice(word, position);
                if (time != null && !time.equalsIgnoreCase(column.getSimple())) {
                    throw invalid(
                            "PARTITION BY " + word + "(" + column.getSimple()
                                    + ") must be of the designated timestamp '" + time + "'",
                            column.getParserPosition());
                }
                time = column.getSimple();
            } else if (word.equalsIgnoreCase("NONE") && !position.isQuoted()) {
                if (items.size() > 1) {
                    throw invalid("PARTITION BY NONE stands alone", position);
                }
            } else if (key != null) {
                throw invalid("a table has one partition key, got '" + key + "' and '" + word + "'", position);
            } else {
                key = word;
            }
        }
        return new TableDefinition(
                plain.name(), plain.columns(), time, new TableDefinition.Partitioning(key, slice), plain.fate());
    }

    private static TimeSlice slice(String word, SqlParserPos position) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "HOUR" -> TimeSlice.HOUR;
            case "DAY" -> TimeSlice.DAY;
            case "MONTH" -> TimeSlice.MONTH;
            default -> throw invalid("time partitions are HOUR, DAY or MONTH, got " + word, position);
        };
    }

    private static EngineException invalid(String message, SqlParserPos position) {
        return TableNames.at(ErrorCode.INVALID_TABLE_DEFINITION, message, position);
    }

    /** SHOW TABLES: one column of names, of tables and views. */
    static Statement showTables(Catalog catalog) {
        List<List<Expression>> rows = new ArrayList<>();
        for (String name : TableNames.all(catalog)) {
            rows.add(row(name));
        }
        return constant(List.of("table_name"), rows);
    }

    /** DESCRIBE: a row for each column. */
    static Statement describe(DescribeNode node, Catalog catalog) {
        List<List<Expression>> rows = new ArrayList<>();
        ViewMetadata view = catalog.findView(TableNames.simple(node.table())).orElse(null);
        if (view != null) {
            for (ColumnDefinition column : view.columns()) {
                rows.add(row(column.name(), column.type().toString(), column.nullable() ? "YES" : "NO", null));
            }
            return constant(DESCRIPTION, rows);
        }
        TableSchema schema = TableNames.find(node.table(), catalog).schema();
        for (int i = 0; i < schema.columns().size(); i++) {
            ColumnDefinition column = schema.columns().get(i);
            rows.add(row(column.name(), column.type().toString(), column.nullable() ? "YES" : "NO", role(schema, i)));
        }
        return constant(DESCRIPTION, rows);
    }

    private static @Nullable String role(TableSchema schema, int ordinal) {
        List<String> roles = new ArrayList<>();
        if (ordinal == schema.timestampOrdinal()) {
            roles.add("timestamp");
        }
        if (ordinal == schema.keyOrdinal()) {
            roles.add("key");
        }
        if (schema.dedupKeys().contains(ordinal)) {
            roles.add("dedup key");
        }
        ColumnAttribute attribute = schema.columns().get(ordinal).attribute();
        if (attribute != ColumnAttribute.NONE) {
            roles.add(attribute.name().toLowerCase(Locale.ROOT));
        }
        return roles.isEmpty() ? null : String.join(", ", roles);
    }

    private static List<Expression> row(@Nullable String... values) {
        return Arrays.stream(values)
                .<Expression>map(value -> new Expression.Literal(value, ColumnType.VARCHAR))
                .toList();
    }

    private static Statement constant(List<String> names, List<List<Expression>> rows) {
        List<PlanColumn> columns = names.stream()
                .map(name -> new PlanColumn(name, ColumnType.VARCHAR, true))
                .toList();
        List<ResultColumn> result = names.stream()
                .map(name -> new ResultColumn(name, ColumnType.VARCHAR, true, null, null))
                .toList();
        return new Statement.Query(new PhysicalPlan.Values(rows, columns), result, List.of());
    }

    /** SET option = value. */
    static Statement setOption(SqlSetOption node) {
        SqlParserPos position = node.getParserPosition();
        if (node.getScope() != null || node.getValue() == null) {
            throw SyntaxRewrite.unsupported(node.getValue() == null ? "RESET" : "ALTER " + node.getScope(), position);
        }
        String name = node.name().toString();
        if (EngineOption.find(name).isEmpty()) {
            List<String> known =
                    Arrays.stream(EngineOption.values()).map(EngineOption::key).toList();
            throw TableNames.at(
                    ErrorCode.INVALID_OPTION,
                    "unknown option '" + name + "'" + Suggestion.of(name, known),
                    node.name().getParserPosition());
        }
        return new Statement.SetOption(name.toLowerCase(Locale.ROOT), OptionNode.textOf(node.getValue()));
    }

    /** Options by name. */
    static Map<String, String> options(List<OptionNode> nodes) {
        Map<String, String> options = new LinkedHashMap<>();
        for (OptionNode node : nodes) {
            if (options.put(node.name(), node.text()) != null) {
                throw TableNames.at(
                        ErrorCode.INVALID_OPTION, "option '" + node.name() + "' is given twice", node.position());
            }
        }
        return options;
    }
}
