package io.zeptodb.jdbc;

import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Runs the steps of a close, all of them, whatever one of them throws; the first failure is thrown at the end. */
final class ClosingSteps {
    private @Nullable SQLException failure;

    interface Step {
        void run() throws SQLException;
    }

    void run(Step step) {
        try {
            step.run();
        } catch (SQLException | RuntimeException e) {
            SQLException translated = SqlErrors.translate(e);
            if (failure == null) {
                failure = translated;
            } else {
                failure.addSuppressed(translated);
            }
        }
    }

    void end() throws SQLException {
        if (failure != null) {
            throw failure;
        }
    }
}
