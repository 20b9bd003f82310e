package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Arrow's types can say and the engine's cannot does not come in, neither as rows to append nor as parameters: the batch is refused whole. */
class ForeignValuesTest {
    private static final int ROWS = 40;
    private static final int BAD_ROW = 17;
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;

    /** A vector of good values, with NULL first, and one that {@code bad} puts in row 18. */
    private record Case(String type, ErrorCode code, String message, Function<BufferAllocator, FieldVector> vector) {
        @Override
        public String toString() {
            return type + ": " + message;
        }
    }

    private interface Setter<V> {
        void set(V vector, int row, boolean bad);
    }

    private static <V extends FieldVector> Case of(
            String type, ErrorCode code, String message, Function<BufferAllocator, V> vector, Setter<V> setter) {
        return new Case(type, code, message, allocator -> {
            V values = vector.apply(allocator);
            values.allocateNew();
            for (int i = 1; i < ROWS; i++) {
                setter.set(values, i, i == BAD_ROW);
            }
            values.setValueCount(ROWS);
            return values;
        });
    }

    private static Case time(long nanos) {
        String message = "a TIME of " + nanos + " ns, which no day has (row 18)";
        return of(
                "TIME(9)",
                ErrorCode.DATETIME_OUT_OF_RANGE,
                message,
                a -> new TimeNanoVector("c", a),
                (v, i, bad) -> v.setSafe(i, bad ? nanos : NANOS_PER_DAY - i));
    }

    private static Case date(int day) {
        String message = "day " + day + " since 1970, which is outside the range of DATE";
        return of(
                "DATE",
                ErrorCode.DATETIME_OUT_OF_RANGE,
                message,
                a -> new DateDayVector("c", a),
                (v, i, bad) -> v.setSafe(i, bad ? day : -365_961_662));
    }

    private static Case decimal(int precision, int scale, String unscaled, String shown) {
        String message =
                "got " + shown + ", which has more digits than a DECIMAL(" + precision + "," + scale + ") (row 18)";
        return of(
                "DECIMAL(" + precision + ", " + scale + ")",
                ErrorCode.NUMERIC_OUT_OF_RANGE,
                message,
                a -> new DecimalVector("c", a, precision, scale),
                (v, i, bad) -> v.setBigEndian(i, bytes(bad ? unscaled : "9".repeat(precision))));
    }

    private static byte[] bytes(String unscaled) {
        return new BigInteger(unscaled).toByteArray();
    }

    private static Case text(String type, int... bytes) {
        byte[] bad = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            bad[i] = (byte) bytes[i];
        }
        return of(
                type,
                ErrorCode.INVALID_ENCODING,
                "bytes that are not UTF-8 (row 18)",
                a -> new ViewVarCharVector("c", a),
                (v, i, isBad) -> v.setSafe(i, isBad ? bad : good(i)));
    }

    private static Case offsetText(String type, String bad) {
        return of(
                type,
                ErrorCode.INVALID_ENCODING,
                "bytes that are not UTF-8 (row 18)",
                a -> new VarCharVector("c", a),
                (v, i, isBad) -> v.setSafe(i, isBad ? bad.getBytes(StandardCharsets.ISO_8859_1) : good(i)));
    }

    /** Texts of all lengths, some of them with characters of several bytes. */
    private static byte[] good(int row) {
        return ("x".repeat(row) + (row % 3 == 0 ? "é€𝄞" : "")).getBytes(StandardCharsets.UTF_8);
    }

    static Stream<Case> cases() {
        return Stream.of(
                time(-5),
                time(Long.MIN_VALUE),
                time(NANOS_PER_DAY),
                of(
                        "TIME(3)",
                        ErrorCode.DATETIME_OUT_OF_RANGE,
                        "a TIME of 86400000000000 ns",
                        a -> new TimeMilliVector("c", a),
                        (v, i, bad) -> v.setSafe(i, bad ? 86_400_000 : i)),
                of(
                        "TIME(6)",
                        ErrorCode.DATETIME_OUT_OF_RANGE,
                        "36028797018963969 microseconds, which is outside the range of TIME (row 18)",
                        a -> new TimeMicroVector("c", a),
                        // times 1000 it is 1000 in 64 bits
                        (v, i, bad) -> v.setSafe(i, bad ? (1L << 55) + 1 : i)),
                date(Integer.MAX_VALUE),
                date(Integer.MIN_VALUE),
                date(364_522_972),
                of(
                        "DATE",
                        ErrorCode.DATETIME_OUT_OF_RANGE,
                        "ms since 1970, which is outside the range of DATE (row 18)",
                        a -> new DateMilliVector("c", a),
                        (v, i, bad) -> v.setSafe(i, bad ? (1L << 32) * 86_400_000L : i)),
                decimal(4, 2, "123456789012345", "1234567890123.45"),
                decimal(4, 2, "-10000", "-100.00"),
                decimal(38, 0, "1" + "0".repeat(38), "1" + "0".repeat(38)),
                text("VARCHAR", 0xFF, 0xFE, 'x'),
                text("VARCHAR", 0xC3),
                text("VARCHAR", 0xC0, 0x80),
                text("VARCHAR", 0xED, 0xA0, 0x80),
                text(
                        "VARCHAR", 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 0xF4,
                        0x90, 0x80, 0x80),
                text("SYMBOL", 0xFF, 0xFE, 'x'),
                offsetText("VARCHAR", "caf\u00e9 and more"),
                offsetText("SYMBOL", "caf\u00e9"),
                offsetText("SYMBOL", "something longer than it, then caf\u00e9"));
    }

    private static long count(Session session) {
        try (BatchCursor rows = session.query("SELECT count(*) FROM t")) {
            assertThat(rows.next()).isTrue();
            return ((BigIntVector) rows.batch().getVector(0)).get(0);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aBatchWithSuchAValueIsRefused(Case tried) {
        try (Database database = Engine.open(Map.of());
                Session session = database.openSession()) {
            session.update("CREATE TABLE t (c " + tried.type + ")");
            try (FieldVector vector = tried.vector.apply(database.allocator())) {
                VectorSchemaRoot batch = new VectorSchemaRoot(List.of(vector));
                batch.setRowCount(ROWS);
                assertThatThrownBy(() -> database.append("t", batch)).satisfies(e -> check(tried, e, "column 'c'"));
                try (PreparedQuery insert = session.prepare("INSERT INTO t VALUES (?)");
                        PreparedQuery delete = session.prepare("DELETE FROM t WHERE c = ?")) {
                    for (PreparedQuery query : List.of(insert, delete)) {
                        assertThatThrownBy(() -> query.updateColumns(List.of(batch), null, ExecutionOptions.DEFAULT))
                                .satisfies(e -> check(tried, e, "parameter 1"));
                    }
                    assertThat(count(session)).isZero();
                    // the rows before it are good
                    vector.setValueCount(BAD_ROW);
                    batch.setRowCount(BAD_ROW);
                    insert.updateColumns(List.of(batch), null, ExecutionOptions.DEFAULT);
                    assertThat(database.append("t", batch)).isEqualTo(BAD_ROW);
                    assertThat(count(session)).isEqualTo(2L * BAD_ROW);
                    // and a value below NULL is none
                    vector.setValueCount(ROWS);
                    batch.setRowCount(ROWS);
                    vector.setNull(BAD_ROW);
                    assertThat(database.append("t", batch)).isEqualTo(ROWS);
                }
            }
        }
    }

    private static void check(Case tried, Throwable failure, String where) {
        assertThat(failure).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.code()).isEqualTo(tried.code);
            assertThat(e.getMessage()).contains(where).contains(tried.message);
        });
    }
}
