package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.plan.Statement;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelRoot;
import org.jspecify.annotations.Nullable;

/** A statement whose names and types are right: what {@link SqlFrontEnd} gives and the optimizer turns into a {@link Statement}. */
public sealed interface ValidatedStatement {
    /** Types of the question marks, in their order. */
    List<ColumnType> parameters();

    /**
     * A query.
     *
     * @param root the tree as SqlToRelConverter makes it: subqueries are RexSubQuery, correlations are not removed; {@code root.fields} names the
     *     visible columns
     * @param origins for each visible column the table's column it comes from unchanged, or null
     * @param parameters types of the question marks
     */
    record Query(RelRoot root, List<@Nullable Origin> origins, List<ColumnType> parameters)
            implements ValidatedStatement {}

    /** A column of a table, with the names as they were declared. */
    record Origin(String table, String column) {}

    /**
     * INSERT: the source's columns, already cast to the columns' types, go to {@code ordinals}; the other columns are NULL.
     *
     * @param singleRow whether the source is VALUES with one row of literals and parameters
     */
    record Insert(
            TableMetadata table, List<Integer> ordinals, RelRoot source, boolean singleRow, List<ColumnType> parameters)
            implements ValidatedStatement {}

    /**
     * UPDATE: the source gives all columns of the table, already cast, and behind them the sequence of the row that they replace.
     *
     * @param ordinals the columns that SET names
     */
    record Update(TableMetadata table, List<Integer> ordinals, RelRoot source, List<ColumnType> parameters)
            implements ValidatedStatement {}

    /** DELETE: the source gives the sequences of the rows. */
    record Delete(TableMetadata table, RelRoot source, List<ColumnType> parameters) implements ValidatedStatement {}

    /** MERGE: the source gives all columns of the table as they become, what is to be done, and the sequence of the row, NULL for a new one. */
    record Merge(TableMetadata table, RelRoot source, List<ColumnType> parameters) implements ValidatedStatement {}

    /** CREATE TABLE; {@code source} is there for AS SELECT, whose output gives the columns if the definition has none. */
    record CreateTable(
            TableDefinition definition,
            boolean ifNotExists,
            @Nullable Query source) implements ValidatedStatement {
        @Override
        public List<ColumnType> parameters() {
            return source == null ? List.of() : source.parameters();
        }
    }

    /**
     * CREATE VIEW.
     *
     * @param source its query
     * @param text of its query, as the view keeps it
     * @param asofKeepsUnmatched what plain ASOF JOIN means in it
     */
    record CreateView(
            ViewDraft draft,
            Query source,
            String text,
            boolean asofKeepsUnmatched,
            List<ViewMetadata.Dependency> dependencies)
            implements ValidatedStatement {
        @Override
        public List<ColumnType> parameters() {
            return List.of();
        }
    }

    /** COPY query TO file; a table stands as the query of its columns. */
    record CopyTo(Query source, String file, Map<String, String> options) implements ValidatedStatement {
        @Override
        public List<ColumnType> parameters() {
            return source.parameters();
        }
    }

    /** EXPLAIN [ANALYZE]: the plan of the statement as text. */
    record Explain(ValidatedStatement statement, boolean analyze) implements ValidatedStatement {
        @Override
        public List<ColumnType> parameters() {
            return statement.parameters();
        }
    }

    /** A statement that needs no planning. */
    record Ready(Statement statement) implements ValidatedStatement {
        @Override
        public List<ColumnType> parameters() {
            return List.of();
        }
    }
}
