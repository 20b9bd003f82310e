package io.zeptodb.engine.sql.operator;

import io.zeptodb.engine.function.FunctionDefinition;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.Optionality;

/** A window function of the registry that Calcite does not know: called with OVER only, and without a frame. Its result may be NULL. */
public final class RegistryWindow extends SqlAggFunction {
    /** Those that look at one other row, of which IGNORE NULLS can leave some out. */
    private static final Set<String> NEIGHBOURS = Set.of("prev", "next");

    private final FunctionDefinition definition;

    RegistryWindow(FunctionDefinition definition, RegistryTypes types) {
        super(
                definition.name().toUpperCase(Locale.ROOT),
                null,
                SqlKind.OTHER_FUNCTION,
                types,
                types,
                types,
                SqlFunctionCategory.USER_DEFINED_FUNCTION,
                false,
                true,
                Optionality.FORBIDDEN);
        this.definition = definition;
    }

    public FunctionDefinition definition() {
        return definition;
    }

    @Override
    public boolean allowsFraming() {
        return false;
    }

    @Override
    public boolean allowsNullTreatment() {
        return NEIGHBOURS.contains(definition.name());
    }
}
