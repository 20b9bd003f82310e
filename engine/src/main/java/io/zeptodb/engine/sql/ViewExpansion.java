package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.plan.TextPlace;
import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import java.util.List;
import java.util.Map;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;

/** What stands in a tree for a view: its text, parsed, validated and converted by itself, in the tree's cluster. For one statement. */
final class ViewExpansion {
    /** Puts a text behind all lines that a plan takes for places of the statement. */
    private static final String ELSEWHERE = "\n".repeat(TextPlace.MOST_LINES);

    private final Catalog catalog;
    private final CalciteSchema schemas;
    private final ZeptoOperatorTable operators;
    private final PlanningStop stop;

    /** @param stop of the statement */
    ViewExpansion(Catalog catalog, CalciteSchema schemas, ZeptoOperatorTable operators, PlanningStop stop) {
        this.stop = stop;
        this.catalog = catalog;
        this.schemas = schemas;
        this.operators = operators;
    }

    PlanningStop stop() {
        return stop;
    }

    /** The text of a view, with places that are none of a statement's. */
    static String text(ViewMetadata view) {
        return ELSEWHERE + view.definition().query();
    }

    /** @throws EngineException with the view's name: its text was right when it was made, a later version may read it otherwise */
    RelRoot expand(String name, RelOptCluster cluster) {
        ViewMetadata view = catalog.getView(name);
        String text = text(view);
        try {
            SqlNode query =
                    new SyntaxRewrite(operators, catalog, view.asofKeepsUnmatched(), text).rewrite(SqlText.parse(text));
            return new Translation(schemas, operators, this).relation(query, cluster);
        } catch (EngineException e) {
            throw broken(view, e, e);
        } catch (SqlParseException | RuntimeException | AssertionError e) {
            SqlErrors.Names none = new SqlErrors.Names(List.of(), List.of(), List.of(), Map.of());
            throw broken(view, SqlErrors.translate(e, text, none), e);
        }
    }

    private static EngineException broken(ViewMetadata view, EngineException error, Throwable cause) {
        String message = String.valueOf(error.getMessage());
        boolean named = error.code() == ErrorCode.INTERNAL_ERROR || message.startsWith("view '");
        return new EngineException(error.code(), named ? message : "view '" + view.name() + "': " + message, cause);
    }
}
