package io.zeptodb.engine.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FunctionRegistryTest {
    @Test
    void everyFunctionIsDocumentedWithARunnableExample() {
        for (FunctionDefinition definition : FunctionRegistry.standard().all()) {
            String name = definition.name();
            assertThat(name).isEqualTo(name.toLowerCase(Locale.ROOT)).isNotBlank();
            assertThat(definition.section()).as(name).isNotBlank();
            assertThat(definition.signature()).as(name).isNotBlank();
            assertThat(definition.documentation()).as(name).endsWith(".");
            assertThat(definition.example()).as(name).startsWith("SELECT ");
            assertThat(definition.exampleResult()).as(name).isNotBlank();
        }
    }

    @Test
    void namesAndAliasesAreFoundWithoutCase() {
        FunctionRegistry registry = FunctionRegistry.standard();
        assertThat(registry.find("CEILING")).isEqualTo(registry.find("ceil"));
        assertThat(registry.find("Char_Length")).isPresent();
        assertThat(registry.find("no_such_function")).isEmpty();
        assertThat(registry).isSameAs(FunctionRegistry.standard());
    }

    @Test
    void argumentsThatDoNotFitAreAnErrorThatShowsThem() {
        assertThatThrownBy(() -> FunctionRegistry.standard().scalar("sqrt", List.of(ColumnType.DATE)))
                .isInstanceOf(EngineException.class)
                .hasMessage("function sqrt(DATE) does not exist; it takes sqrt(x); expected sqrt(x NUMERIC)")
                .extracting(e -> ((EngineException) e).sqlState())
                .isEqualTo("42883");
    }

    @Test
    void everyScalarFunctionRefusesTwentyArgumentsOfTheWrongTypeWithoutFailing() {
        List<ColumnType> odd = java.util.Collections.nCopies(20, ColumnType.INTERVAL_MONTH);
        for (FunctionDefinition definition : FunctionRegistry.standard().all()) {
            FunctionDefinition.ScalarResolver resolver = definition.scalar();
            if (resolver != null
                    && !List.of("array", "concat", "concat_ws", "format", "greatest", "least", "row")
                            .contains(definition.name())) {
                assertThat(resolver.resolve(odd)).as(definition.name()).isNull();
            }
            if (resolver != null) {
                // no argument at all is an answer or none, never an exception
                resolver.resolve(List.of());
            }
        }
    }

    @Test
    void theSameNameTwiceIsRefused() {
        FunctionDefinition one = FunctionRegistry.standard().find("abs").orElseThrow();
        assertThatThrownBy(() -> new FunctionRegistry(List.of(one, one)))
                .hasMessageContaining("'abs' is registered twice");
    }
}
