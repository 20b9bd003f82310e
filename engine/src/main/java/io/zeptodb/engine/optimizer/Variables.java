package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression.Parameter;
import io.zeptodb.engine.plan.PhysicalPlan.Binding;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.core.CorrelationId;

/** The variables of the Apply records of one statement: parameters behind the statement's own. One lowering, one thread. */
final class Variables {
    private final Map<CorrelationId, Scope> scopes = new HashMap<>();
    private int next;

    /** @param statementParameters question marks of the statement */
    Variables(int statementParameters) {
        next = statementParameters;
    }

    /** Rows of {@code columns} are the variable's values while a right side is lowered. */
    void open(CorrelationId id, List<PlanColumn> columns) {
        scopes.put(id, new Scope(columns, new ArrayList<>()));
    }

    /** Ends the scope and gives what was used of it. */
    List<Binding> close(CorrelationId id) {
        Scope scope = scopes.remove(id);
        return scope == null ? List.of() : scope.bindings;
    }

    Parameter field(CorrelationId id, int column) {
        Scope scope = scopes.get(id);
        if (scope == null) {
            throw Unsupported.construct("a reference to an outer query across more than one level here");
        }
        ColumnType type = scope.columns.get(column).type();
        // the dictionary stays with the column: a variable is text
        ColumnType valueType = type.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : type;
        for (Binding binding : scope.bindings) {
            if (binding.column() == column) {
                return new Parameter(binding.parameter(), valueType);
            }
        }
        scope.bindings.add(new Binding(next, column));
        return new Parameter(next++, valueType);
    }

    private record Scope(List<PlanColumn> columns, List<Binding> bindings) {}
}
