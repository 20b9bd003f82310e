package io.zeptodb.jdbc;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The values of a prepared statement's parameters, as they are set one by one. */
final class ParameterRow {
    private static final Object UNSET = new Object();

    private final @Nullable Object[] values;

    ParameterRow(int count) {
        values = new Object[count];
        clear();
    }

    void clear() {
        Arrays.fill(values, UNSET);
    }

    /** @param index from 1 */
    void set(int index, @Nullable Object value) throws SQLException {
        if (index < 1 || index > values.length) {
            throw outside(index, values.length);
        }
        values[index - 1] = value;
    }

    static SQLException outside(int index, int count) {
        return SqlErrors.of(
                ErrorCode.INVALID_PARAMETER.sqlState(),
                "there is no parameter " + index + ": the statement has " + count + ", counted from 1");
    }

    /** A copy of the values. @throws SQLException 07001 naming the first that is not set */
    @Nullable
    Object[] copy() throws SQLException {
        @Nullable Object[] row = values.clone();
        for (int i = 0; i < row.length; i++) {
            if (row[i] == UNSET) {
                throw SqlErrors.of(
                        ErrorCode.INVALID_PARAMETER.sqlState(),
                        "parameter " + (i + 1) + " of " + row.length + " is not set");
            }
        }
        return row;
    }
}
