package io.zeptodb.engine.exec;

import java.util.function.Supplier;

/** What constructors of operators do so that nothing stays open when they fail. */
final class Inputs {
    private Inputs() {}

    /** Makes something; when that fails, closes what is open already. */
    static <T> T closingOnFailure(AutoCloseable open, Supplier<T> make) {
        try {
            return make.get();
        } catch (RuntimeException | Error e) {
            close(open, e);
            throw e;
        }
    }

    private static void close(AutoCloseable open, Throwable failure) {
        try {
            open.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }
}
