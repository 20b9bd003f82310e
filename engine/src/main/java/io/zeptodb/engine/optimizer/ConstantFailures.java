package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.plan.ConstantEvaluator;
import io.zeptodb.engine.plan.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Where the constants stand whose computation failed. The run raises their errors, and knows no places. For one statement. */
final class ConstantFailures implements ConstantEvaluator {
    private final ConstantEvaluator evaluator;
    private final List<EngineException> placed = new ArrayList<>();
    private @Nullable EngineException last;

    ConstantFailures(ConstantEvaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public @Nullable Object evaluate(Expression expression) {
        try {
            return evaluator.evaluate(expression);
        } catch (EngineException e) {
            last = e;
            throw e;
        }
    }

    /** Says that what failed since the last call was lowered for the text at this place; an unknown one is left to the expression around it. */
    void at(SqlParserPos place) {
        EngineException failure = last;
        if (failure != null && place.getLineNum() > 0) {
            last = null;
            placed.add(new EngineException(
                    failure.code(),
                    String.valueOf(failure.getMessage()),
                    place.getLineNum(),
                    place.getColumnNum(),
                    failure));
        }
    }

    /** The error with the place of the constant that fails in the same way, or as it is when there is none. */
    EngineException locate(EngineException error) {
        for (EngineException known : placed) {
            if (known.code() == error.code() && Objects.equals(known.getMessage(), error.getMessage())) {
                return new EngineException(
                        error.code(), String.valueOf(error.getMessage()), known.line(), known.column(), error);
            }
        }
        return error;
    }
}
