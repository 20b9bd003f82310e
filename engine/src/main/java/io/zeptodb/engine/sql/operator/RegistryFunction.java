package io.zeptodb.engine.sql.operator;

import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.ScalarFunction;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;

/** A scalar function of the registry. Its result may be NULL whatever its arguments are: kernels may say so. */
public final class RegistryFunction extends SqlFunction {
    private final FunctionDefinition definition;

    RegistryFunction(FunctionDefinition definition, RegistryTypes types) {
        super(
                definition.name().toUpperCase(Locale.ROOT),
                SqlKind.OTHER_FUNCTION,
                types,
                types,
                types,
                SqlFunctionCategory.USER_DEFINED_FUNCTION);
        this.definition = definition;
    }

    public FunctionDefinition definition() {
        return definition;
    }

    /** Calcite must not fold, share or move a call whose value changes, such as random(); a call without arguments is asked. */
    @Override
    public boolean isDeterministic() {
        if (definition.scalar() == null) {
            return true;
        }
        ScalarFunction withoutArguments = definition.scalar().resolve(List.of());
        return withoutArguments == null || withoutArguments.deterministic();
    }
}
