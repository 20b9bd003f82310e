package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.Retention;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.ViewDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A table as the CREATE TABLE that makes one like it. */
final class TableText {
    /** A name that is read without quotes, unless it is a word of the grammar. */
    private static final Pattern SIMPLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private TableText() {}

    /** A view as the CREATE VIEW that makes it. */
    static String of(ViewDefinition view) {
        List<String> columns = new ArrayList<>();
        view.columns().forEach(column -> columns.add(name(column.name())));
        return "CREATE " + (view.materialized() ? "MATERIALIZED " : "") + "VIEW " + name(view.name()) + " ("
                + String.join(", ", columns) + ") AS " + view.query();
    }

    static String of(TableSchema schema) {
        StringBuilder text = new StringBuilder("CREATE TABLE ").append(name(schema.name()));
        List<String> columns = new ArrayList<>();
        for (ColumnDefinition column : schema.columns()) {
            columns.add(name(column.name()) + " " + column.type() + (column.nullable() ? "" : " NOT NULL")
                    + (column.attribute() == ColumnAttribute.NONE ? "" : " ATTRIBUTE " + column.attribute()));
        }
        text.append(" (").append(String.join(", ", columns)).append(')');
        if (schema.timestampOrdinal() != TableSchema.NONE) {
            text.append(" TIMESTAMP(")
                    .append(columnName(schema, schema.timestampOrdinal()))
                    .append(')');
        }
        text.append(" PARTITION BY ").append(partitions(schema));
        text.append(options(schema.retention()));
        if (!schema.dedupKeys().isEmpty()) {
            List<String> keys = schema.dedupKeys().stream()
                    .map(key -> columnName(schema, key))
                    .toList();
            text.append(" DEDUP UPSERT KEYS (").append(String.join(", ", keys)).append(')');
        }
        return text.toString();
    }

    private static String partitions(TableSchema schema) {
        List<String> parts = new ArrayList<>();
        if (schema.keyOrdinal() != TableSchema.NONE) {
            parts.add(columnName(schema, schema.keyOrdinal()));
        }
        TimeSlice slice = schema.partitioning().slice();
        if (slice != TimeSlice.NONE) {
            parts.add(slice + "(" + columnName(schema, schema.timestampOrdinal()) + ")");
        }
        return parts.isEmpty() ? "NONE" : String.join(", ", parts);
    }

    private static String options(Retention retention) {
        List<String> options = new ArrayList<>();
        if (retention.hasTtl()) {
            options.add("ttl = '" + retention.ttlText() + "'");
        }
        if (!retention.storagePolicy().isEmpty()) {
            options.add("storage_policy = '" + retention.storagePolicy() + "'");
        }
        return options.isEmpty() ? "" : " WITH (" + String.join(", ", options) + ")";
    }

    private static String columnName(TableSchema schema, int ordinal) {
        return name(schema.columns().get(ordinal).name());
    }

    /** A name as it stands in a text: in quotes when it must. */
    static String name(String name) {
        boolean plain = SIMPLE.matcher(name).matches() && !SqlText.isKeyword(name);
        return plain ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
