package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.function.FunctionRegistry;
import java.util.function.ToLongFunction;

/** The door of this package: SQL text in, a validated statement out. Thread-safe; one for a database. */
public final class SqlFrontEnd {
    private final FunctionRegistry functions;

    public SqlFrontEnd(FunctionRegistry functions) {
        this.functions = functions;
    }

    /**
     * What a text is validated against.
     *
     * @param catalog the tables
     * @param rowCounts rows of a table now; an estimate is enough
     * @param asofKeepsUnmatched whether plain ASOF JOIN keeps left rows without a match (option {@code asof_default})
     */
    public record Context(Catalog catalog, ToLongFunction<TableMetadata> rowCounts, boolean asofKeepsUnmatched) {}

    /**
     * Parses and validates one statement.
     *
     * @throws EngineException with line and column
     */
    public ValidatedStatement validate(String sql, Context context) {
        throw new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED, functions.all().size() + " functions, no statement yet");
    }
}
