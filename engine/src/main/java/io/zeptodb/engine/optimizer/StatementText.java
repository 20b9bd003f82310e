package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Values;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.PlanText;
import io.zeptodb.engine.plan.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What EXPLAIN gives for a statement: its lines, and these as constant rows. */
public final class StatementText {
    private static final String INDENT = "  ";

    private StatementText() {}

    static PhysicalPlan explain(Statement statement) {
        List<List<Expression>> rows = lines(statement).stream()
                .map(line -> List.<Expression>of(new Literal(line, ColumnType.VARCHAR)))
                .toList();
        return new Values(rows, List.of(new PlanColumn("plan", ColumnType.VARCHAR, false)));
    }

    /** The statement's own line, if it is no query, and those of its plan. */
    static List<String> lines(Statement statement) {
        return lines(statement, plan -> "");
    }

    /** @param figures what stands behind the line of each record of the plan */
    public static List<String> lines(Statement statement, Function<PhysicalPlan, String> figures) {
        if (statement instanceof Statement.Query query) {
            return PlanText.lines(query.plan(), figures);
        } else if (statement instanceof Statement.ExplainAnalyze analyze) {
            return lines(analyze.statement(), figures);
        } else if (statement instanceof Statement.Insert insert) {
            return below(
                    "Insert " + insert.table().name() + " [" + columns(insert.table(), insert.ordinals()) + "]",
                    insert.source(),
                    figures);
        } else if (statement instanceof Statement.Update update) {
            return below(
                    "Update " + update.table().name() + " [" + columns(update.table(), update.ordinals()) + "]",
                    update.source(),
                    figures);
        } else if (statement instanceof Statement.Delete delete) {
            return below("Delete " + delete.table().name(), delete.source(), figures);
        } else if (statement instanceof Statement.Merge merge) {
            return below("Merge " + merge.table().name(), merge.source(), figures);
        } else if (statement instanceof Statement.CreateTable create) {
            return below("CreateTable " + create.schema().name(), create.source(), figures);
        } else if (statement instanceof Statement.CopyTo copy) {
            return below("CopyTo '" + copy.file() + "'", copy.source(), figures);
        } else if (statement instanceof Statement.CopyFrom copy) {
            return List.of("CopyFrom '" + copy.file() + "' to " + copy.table().name() + " ["
                    + columns(copy.table(), copy.ordinals()) + "]");
        } else if (statement instanceof Statement.DropTable drop) {
            return List.of("DropTable " + drop.table());
        } else if (statement instanceof Statement.SetOption option) {
            return List.of("SetOption " + option.name() + " = " + option.value());
        } else if (statement instanceof Statement.AlterTable alter) {
            return List.of("AlterTable " + alter.table().name() + " " + alter.changes());
        } else if (statement instanceof Statement.Truncate truncate) {
            return List.of("Truncate " + truncate.table().name());
        } else if (statement instanceof Statement.Backup backup) {
            return List.of("Backup '" + backup.folder() + "'");
        }
        return List.of(statement.getClass().getSimpleName());
    }

    private static String columns(TableMetadata table, List<Integer> ordinals) {
        return ordinals.stream()
                .map(ordinal -> table.schema().columns().get(ordinal).name())
                .collect(Collectors.joining(", "));
    }

    private static List<String> below(
            String line, @Nullable PhysicalPlan source, Function<PhysicalPlan, String> figures) {
        List<String> lines = new ArrayList<>();
        lines.add(line);
        if (source != null) {
            PlanText.lines(source, figures).forEach(each -> lines.add(INDENT + each));
        }
        return lines;
    }
}
