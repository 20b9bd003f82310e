package io.zeptodb.server;

import io.zeptodb.jdbc.append.Appender;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rows of Java values for a table with a column of each type, by seed: of classes that fit the columns, that are converted, or that are refused, one
 * class for a column or several, with NULLs and extremes.
 */
final class RandomRows {
    static final String COLUMNS =
            " (id BIGINT NOT NULL, b BOOLEAN, t TINYINT, s SMALLINT, i INTEGER, l BIGINT, r REAL, d DOUBLE,"
                    + " n DECIMAL(12,3), v VARCHAR, sym SYMBOL, bin VARBINARY, dt DATE, tm TIME, ts TIMESTAMP_NS,"
                    + " ts3 TIMESTAMP(3))";
    static final int COLUMN_COUNT = 16;
    static final String PARAMETERS = "?" + ", ?".repeat(COLUMN_COUNT - 1);

    /** A way to set a parameter. */
    enum Setter {
        BOOLEAN,
        BYTE,
        SHORT,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        DECIMAL,
        NUMBER_TEXT,
        TEXT,
        BYTES,
        DATE,
        TIME,
        TIMESTAMP,
        LOCAL,
        INSTANT,
        TIME_TEXT,
        BIG
    }

    /** Those that mostly fit, by column. */
    private static final Setter[][] FITTING = {
        {Setter.LONG},
        {Setter.BOOLEAN, Setter.INT},
        {Setter.BYTE, Setter.INT, Setter.NUMBER_TEXT},
        {Setter.SHORT, Setter.BYTE, Setter.LONG},
        {Setter.INT, Setter.SHORT, Setter.LONG, Setter.NUMBER_TEXT},
        {Setter.LONG, Setter.INT, Setter.BYTE, Setter.NUMBER_TEXT, Setter.DECIMAL},
        {Setter.FLOAT, Setter.DOUBLE, Setter.INT},
        {Setter.DOUBLE, Setter.FLOAT, Setter.LONG, Setter.NUMBER_TEXT, Setter.DECIMAL},
        {Setter.DECIMAL, Setter.LONG, Setter.DOUBLE, Setter.NUMBER_TEXT},
        {Setter.TEXT, Setter.LONG, Setter.DOUBLE, Setter.DECIMAL, Setter.LOCAL, Setter.BOOLEAN, Setter.FLOAT},
        {Setter.TEXT, Setter.INT, Setter.DATE},
        {Setter.BYTES},
        {Setter.DATE},
        {Setter.TIME},
        {Setter.LOCAL, Setter.TIMESTAMP, Setter.INSTANT, Setter.TIME_TEXT, Setter.LONG, Setter.DATE},
        {Setter.LOCAL, Setter.TIMESTAMP, Setter.INSTANT, Setter.TIME_TEXT},
    };

    private static final List<String> TEXTS =
            List.of("", "a", "AAPL", "naïve €", "a text longer than a view has", "𝄞", "\ufffd");
    private static final List<String> NUMBERS = List.of("0", "-7", "12", "100", "1e2", "2.5", "-0.125", " 42 ", "300");

    private final SplittableRandom random;
    private final List<List<Setter>> setters = new ArrayList<>();
    private final int nulls;
    private final boolean sameScale;

    RandomRows(long seed) {
        this.random = new SplittableRandom(seed);
        this.nulls = random.nextInt(3) * 10;
        this.sameScale = random.nextBoolean();
        boolean refused = random.nextInt(4) == 0;
        boolean mixed = random.nextInt(3) == 0;
        for (int i = 0; i < COLUMN_COUNT; i++) {
            Setter[] from = refused && i > 0 && random.nextInt(8) == 0 ? Setter.values() : FITTING[i];
            int kinds = mixed && random.nextInt(4) == 0 ? 2 : 1;
            List<Setter> chosen = new ArrayList<>();
            for (int k = 0; k < kinds; k++) {
                chosen.add(from[random.nextInt(from.length)]);
            }
            setters.add(chosen);
        }
    }

    int count() {
        return random.nextInt(4) == 0 ? 4000 + random.nextInt(1000) : 1 + random.nextInt(60);
    }

    /** A value with the way to set it. */
    record Cell(Setter setter, Object value) {}

    List<Cell> row(int id) {
        List<Cell> row = new ArrayList<>();
        row.add(new Cell(Setter.LONG, (long) id));
        for (int i = 1; i < COLUMN_COUNT; i++) {
            List<Setter> chosen = setters.get(i);
            Setter setter = chosen.get(random.nextInt(chosen.size()));
            row.add(new Cell(setter, random.nextInt(100) < nulls ? null : value(setter)));
        }
        return row;
    }

    private Object value(Setter setter) {
        return switch (setter) {
            case BOOLEAN -> random.nextBoolean();
            case BYTE -> (byte) number(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SHORT -> (short) number(-300, 300);
            case INT -> (int) number(-1, 120);
            case LONG -> number(0, 100);
            case FLOAT -> random.nextInt(-1000, 1000) / 8f;
            case DOUBLE -> random.nextInt(-100_000, 100_000) / 64.0;
            case DECIMAL -> BigDecimal.valueOf(number(-5000, 5000), sameScale ? 2 : random.nextInt(3));
            case NUMBER_TEXT -> NUMBERS.get(random.nextInt(random.nextInt(10) == 0 ? NUMBERS.size() : 4));
            case TEXT -> TEXTS.get(random.nextInt(TEXTS.size()));
            case BYTES -> new byte[random.nextInt(20)];
            case DATE -> LocalDate.ofEpochDay(random.nextInt(20_000));
            case TIME -> LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L));
            case TIMESTAMP -> Timestamp.valueOf(local());
            case LOCAL -> random.nextInt(300) == 0 ? LocalDateTime.MAX : local();
            case INSTANT -> instant();
            case TIME_TEXT -> local().toString().replace('T', ' ');
            case BIG -> BigInteger.valueOf(random.nextInt(100));
        };
    }

    private Object instant() {
        Instant instant = local().toInstant(ZoneOffset.UTC);
        return random.nextBoolean() ? instant : OffsetDateTime.ofInstant(instant, ZoneOffset.ofHours(2));
    }

    private long number(int from, int to) {
        return random.nextInt(500) == 0 ? random.nextLong() : random.nextInt(from, to);
    }

    private LocalDateTime local() {
        return LocalDateTime.ofEpochSecond(
                random.nextInt(1_000_000_000, 2_000_000_000), random.nextInt(1_000_000_000), ZoneOffset.UTC);
    }

    static void set(PreparedStatement insert, List<Cell> row) throws SQLException {
        for (int i = 0; i < row.size(); i++) {
            set(insert, i + 1, row.get(i));
        }
    }

    private static void set(PreparedStatement insert, int index, Cell cell) throws SQLException {
        Object value = cell.value();
        if (value == null) {
            insert.setNull(index, Types.NULL);
            return;
        }
        switch (cell.setter()) {
            case BOOLEAN -> insert.setBoolean(index, (Boolean) value);
            case BYTE -> insert.setByte(index, (Byte) value);
            case SHORT -> insert.setShort(index, (Short) value);
            case INT -> insert.setInt(index, (Integer) value);
            case LONG -> insert.setLong(index, (Long) value);
            case FLOAT -> insert.setFloat(index, (Float) value);
            case DOUBLE -> insert.setDouble(index, (Double) value);
            case DECIMAL -> insert.setBigDecimal(index, (BigDecimal) value);
            case NUMBER_TEXT, TEXT, TIME_TEXT -> insert.setString(index, (String) value);
            case BYTES -> insert.setBytes(index, (byte[]) value);
            case TIMESTAMP -> insert.setTimestamp(index, (Timestamp) value);
            default -> insert.setObject(index, value);
        }
    }

    /** As the appender takes them: its setters are those of the engine's types. */
    static void set(Appender appender, List<Cell> row) throws SQLException {
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i).value();
            if (value instanceof Long number) {
                appender.setLong(i + 1, number);
            } else if (value instanceof Integer number) {
                appender.setInt(i + 1, number);
            } else if (value instanceof Double number) {
                appender.setDouble(i + 1, number);
            } else if (value instanceof String text) {
                appender.setString(i + 1, new StringBuilder(text));
            } else if (value != null) {
                appender.setObject(i + 1, value);
            }
        }
    }
}
