package io.zeptodb.engine.sql.operator;

import io.zeptodb.engine.function.FunctionDefinition;
import java.util.Locale;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.Optionality;

/** An aggregate function of the registry; with OVER a window function. Its result may be NULL. */
public final class RegistryAggregate extends SqlAggFunction {
    private final FunctionDefinition definition;

    RegistryAggregate(FunctionDefinition definition, RegistryTypes types) {
        super(
                definition.name().toUpperCase(Locale.ROOT),
                null,
                SqlKind.OTHER_FUNCTION,
                types,
                types,
                types,
                SqlFunctionCategory.USER_DEFINED_FUNCTION,
                false,
                false,
                Optionality.OPTIONAL);
        this.definition = definition;
    }

    public FunctionDefinition definition() {
        return definition;
    }
}
