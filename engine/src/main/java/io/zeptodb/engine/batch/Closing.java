package io.zeptodb.engine.batch;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does all steps of a close whatever fails, then throws what failed first with the rest attached. One thread. */
public final class Closing {
    private @Nullable Throwable failure;

    /** A step for each of the items that are there now. */
    public <T> Closing each(Collection<T> items, Consumer<? super T> step) {
        for (T item : List.copyOf(items)) {
            then(() -> step.accept(item));
        }
        return this;
    }

    /** One more step, done now. */
    public Closing then(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                failure = e;
            } else if (failure != e) { // a disk that is gone throws one error for all
                failure.addSuppressed(e);
            }
        }
        return this;
    }

    /** Adds what failed to an error that is on its way already. */
    public void addTo(Throwable error) {
        if (failure != null && failure != error) {
            error.addSuppressed(failure);
        }
    }

    /** Throws what failed first, if anything did. */
    public void finish() {
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }
}
