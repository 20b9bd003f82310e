package io.zeptodb.engine.function;

import io.zeptodb.engine.function.scalar.ArithmeticFunctions;
import io.zeptodb.engine.function.scalar.GapFunctions;
import io.zeptodb.engine.function.scalar.NestedFunctions;
import io.zeptodb.engine.function.scalar.NumberFunctions;
import io.zeptodb.engine.function.scalar.TextFunctions;
import io.zeptodb.engine.function.scalar.TimeFunctions;
import java.util.ArrayList;
import java.util.List;

/**
 * The scalar functions that every database has, one provider for each section of the documentation. Cheap to make: a definition holds
 * texts and a resolver; kernels are linked when a call is resolved.
 */
public final class StandardFunctions {
    private StandardFunctions() {}

    public static List<FunctionDefinition> definitions() {
        List<FunctionDefinition> definitions = new ArrayList<>(ArithmeticFunctions.definitions());
        definitions.addAll(NumberFunctions.definitions());
        definitions.addAll(TextFunctions.definitions());
        definitions.addAll(TimeFunctions.definitions());
        definitions.addAll(NestedFunctions.definitions());
        definitions.addAll(GapFunctions.definitions());
        return definitions;
    }
}
