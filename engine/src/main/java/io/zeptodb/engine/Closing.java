package io.zeptodb.engine;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does all steps of a close whatever fails, then throws what failed first with the rest attached. One thread. */
final class Closing {
    private @Nullable RuntimeException failure;

    <T> Closing each(Collection<T> items, Consumer<T> step) {
        for (T item : List.copyOf(items)) {
            then(() -> step.accept(item));
        }
        return this;
    }

    Closing then(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        }
        return this;
    }

    void finish() {
        if (failure != null) {
            throw failure;
        }
    }
}
