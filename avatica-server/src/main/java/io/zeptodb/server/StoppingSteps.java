package io.zeptodb.server;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the steps of a stop, all of them, whatever one of them throws; the first failure is thrown at the end. One thread. */
final class StoppingSteps {
    private static final Logger LOG = LoggerFactory.getLogger(StoppingSteps.class);

    private @Nullable Exception failure;

    interface Step {
        void run() throws Exception;
    }

    void run(Step step) {
        try {
            step.run();
        } catch (TimeoutException e) {
            LOG.info("some clients were cut off: they did not take their answers in time");
        } catch (Exception e) {
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        }
    }

    void end() throws SQLException, IOException {
        Exception first = failure;
        if (first instanceof SQLException sql) {
            throw sql;
        } else if (first instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (first != null) {
            throw new IOException("cannot stop the server: " + first.getMessage(), first);
        }
    }
}
