package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.TemporalText;
import io.zeptodb.engine.api.ValueText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.NClob;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Calendar;
import java.util.UUID;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/** VARCHAR and SYMBOL. Read as another type the text is parsed as CAST does it. */
abstract class TextAccessor extends ColumnAccessor {
    private TextAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    @Override
    public final @Nullable Object getObject() throws SQLException {
        return getString();
    }

    /** Reads the text as a value of some type. */
    private interface Parser<T> {
        T parse(String text);
    }

    private <T> @Nullable T parse(Parser<T> parser) throws SQLException {
        String text = getString();
        try {
            return text == null ? null : parser.parse(text);
        } catch (EngineException e) {
            throw SqlErrors.of(e.sqlState(), 0, "column '" + column.label() + "': " + SqlErrors.message(e), e);
        } catch (IllegalArgumentException e) {
            throw SqlErrors.of(
                    SqlState.INVALID_TEXT.code(),
                    0,
                    "column '" + column.label() + "': '" + text + "' is not a UUID",
                    e);
        }
    }

    @Override
    public final boolean getBoolean() throws SQLException {
        Boolean value = parse(ValueText::parseBoolean);
        return value != null && value;
    }

    @Override
    public final long getLong() throws SQLException {
        return whole("BIGINT");
    }

    @Override
    final long whole(String target) throws SQLException {
        Long value = parse(text -> NumberText.parseInteger(text, target, Long.MIN_VALUE, Long.MAX_VALUE));
        return value == null ? 0 : value;
    }

    @Override
    public final double getDouble() throws SQLException {
        Double value = parse(NumberText::parseDouble);
        return value == null ? 0 : value;
    }

    @Override
    public final @Nullable BigDecimal getBigDecimal() throws SQLException {
        return parse(NumberText::parseDecimal);
    }

    @Override
    public final @Nullable NClob getNClob() throws SQLException {
        return parse(ClobValue::new);
    }

    /** The text's own bytes in UTF-8. */
    @Override
    public final byte @Nullable [] getBytes() throws SQLException {
        return parse(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public final @Nullable Date getDate(@Nullable Calendar calendar) throws SQLException {
        return parse(text -> WallClock.date(TemporalText.parseDate(text), calendar));
    }

    @Override
    public final @Nullable Time getTime(@Nullable Calendar calendar) throws SQLException {
        return parse(text -> WallClock.time(TemporalText.parseTime(text), calendar));
    }

    @Override
    public final @Nullable Timestamp getTimestamp(@Nullable Calendar calendar) throws SQLException {
        return parse(text -> WallClock.timestamp(TemporalText.parseTimestamp(text), calendar));
    }

    @Override
    @Nullable
    Object as(Class<?> target) throws SQLException {
        if (target == LocalDate.class) {
            return parse(text -> LocalDate.ofEpochDay(TemporalText.parseDate(text)));
        }
        if (target == LocalTime.class) {
            return parse(text -> LocalTime.ofNanoOfDay(TemporalText.parseTime(text)));
        }
        if (target == LocalDateTime.class) {
            return parse(text -> WallClock.localDateTime(TemporalText.parseTimestamp(text)));
        }
        if (target == Instant.class) {
            return parse(text -> utc(text).toInstant());
        }
        if (target == OffsetDateTime.class) {
            return parse(TextAccessor::utc);
        }
        if (target == ZonedDateTime.class) {
            return parse(text -> utc(text).toZonedDateTime());
        }
        if (target == UUID.class) {
            return parse(UUID::fromString);
        }
        return super.as(target);
    }

    private static OffsetDateTime utc(String text) {
        return WallClock.localDateTime(TemporalText.parseTimestamp(text)).atOffset(ZoneOffset.UTC);
    }

    /** Text in the vector itself. */
    static final class OfText extends TextAccessor {
        OfText(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        public @Nullable String getString() throws SQLException {
            byte[] text = read(ViewVarCharVector.class, ViewVarCharVector::get);
            return text == null ? null : new String(text, StandardCharsets.UTF_8);
        }
    }

    /** Codes of a dictionary, each made a String once. */
    static final class OfSymbol extends TextAccessor {
        private static final int FIRST_CACHED = 64;

        private @Nullable ViewVarCharVector texts;
        private @Nullable String[] cached = new String[0];

        OfSymbol(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void show(FieldVector ofBatch, DictionaryProvider dictionaries) {
            super.show(ofBatch, dictionaries);
            Dictionary dictionary =
                    dictionaries.lookup(ofBatch.getField().getDictionary().getId());
            ViewVarCharVector current = dictionary == null ? null : (ViewVarCharVector) dictionary.getVector();
            if (current != texts) {
                // a dictionary that is not the same object may give its codes another meaning
                texts = current;
                cached = new String[0];
            }
        }

        @Override
        public @Nullable String getString() throws SQLException {
            int row = cursor.enter();
            try {
                IntVector codes = (IntVector) vector();
                boolean isNull = codes.isNull(row);
                cursor.noteNull(isNull);
                return isNull ? null : text(codes.get(row));
            } finally {
                cursor.leave();
            }
        }

        private String text(int code) throws SQLException {
            String known = code < cached.length ? cached[code] : null;
            return known != null ? known : decode(code);
        }

        private String decode(int code) throws SQLException {
            ViewVarCharVector source = texts;
            if (source == null || code < 0 || code >= source.getValueCount()) {
                throw SqlErrors.of(
                        ErrorCode.INTERNAL_ERROR.sqlState(),
                        "column '" + column.label() + "' has the " + ColumnType.SYMBOL + " code " + code
                                + ", which its dictionary does not have");
            }
            String text = new String(source.get(code), StandardCharsets.UTF_8);
            if (code >= cached.length) {
                cached = Arrays.copyOf(cached, Math.max(FIRST_CACHED, Math.max(code + 1, 2 * cached.length)));
            }
            cached[code] = text;
            return text;
        }
    }
}
