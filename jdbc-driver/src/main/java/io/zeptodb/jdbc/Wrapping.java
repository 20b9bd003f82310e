package io.zeptodb.jdbc;

import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The rules of java.sql.Wrapper that all objects of the driver share. Stateless. */
final class Wrapping {
    private Wrapping() {}

    /** The object as what it is asked for. @throws SQLException HY000 for null; 0A000 when it is nothing of the kind */
    static <T> T unwrap(Object object, String what, @Nullable Class<T> type) throws SQLException {
        if (required(type).isInstance(object)) {
            return required(type).cast(object);
        }
        throw none(what, required(type));
    }

    static <T> Class<T> required(@Nullable Class<T> type) throws SQLException {
        if (type == null) {
            throw SqlErrors.of(SqlErrors.INVALID_CALL, "unwrap wants a class, got null");
        }
        return type;
    }

    static SQLException none(String what, Class<?> type) {
        return SqlErrors.unsupported(what + " cannot be unwrapped to " + type.getName());
    }

    static boolean isWrapper(Object object, @Nullable Class<?> type) {
        return type != null && type.isInstance(object);
    }
}
