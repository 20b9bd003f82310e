package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.ScalarFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers the definitions of one section of the documentation, which share one resolver. */
final class Section {
    private final String title;
    private final Resolver resolver;
    private final List<FunctionDefinition> definitions = new ArrayList<>();

    Section(String title, Resolver resolver) {
        this.title = title;
        this.resolver = resolver;
    }

    /** Picks the overload of the call's function, or gives null. */
    interface Resolver {
        @Nullable
        ScalarFunction resolve(Call call);
    }

    /** Adds a function; {@code aliases} are its other names. */
    Section add(String name, String signature, String documentation, String example, String result, String... aliases) {
        definitions.add(new FunctionDefinition(
                name,
                List.of(aliases),
                title,
                signature,
                documentation,
                example,
                result,
                new Overloads(name, resolver),
                null,
                null));
        return this;
    }

    List<FunctionDefinition> definitions() {
        return definitions;
    }

    /** The resolver of one name: a class rather than a lambda for each function, for each lambda is a class to be made. */
    private record Overloads(String name, Resolver resolver) implements FunctionDefinition.ScalarResolver {
        @Override
        public @Nullable ScalarFunction resolve(List<ColumnType> arguments) {
            return resolver.resolve(new Call(name, arguments));
        }
    }
}
