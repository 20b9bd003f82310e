package io.zeptodb.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
    private static String state(Throwable e) {
        return ((EngineException) e).sqlState();
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "1, 1",
        "-1.5, -1.5",
        "0.30000000000000004, 0.30000000000000004",
        "100, 100",
        "123456.789, 123456.789",
        "1e15, 1e+15",
        "1e20, 1e+20",
        "123456789012345680, 1.2345678901234568e+17",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "2e-3, 0.002",
        "2.0E-3, 0.002",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "4.9e-324, 5e-324",
        "2.2250738585072014E-308, 2.2250738585072014e-308",
        "2e23, 2e+23",
        "9007199254740993, 9.007199254740992e+15",
        "999999999999999, 999999999999999",
        "5.684341886080802E-14, 5.684341886080802e-14",
    })
    void writesDoublesWithTheFewestDigits(String number, String expected) {
        assertThat(NumberText.format(Double.parseDouble(number))).isEqualTo(expected);
    }

    @Test
    void writesSpecialNumbers() {
        assertThat(NumberText.format(0.0)).isEqualTo("0");
        assertThat(NumberText.format(-0.0)).isEqualTo("-0");
        assertThat(NumberText.format(Double.NaN)).isEqualTo("NaN");
        assertThat(NumberText.format(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
        assertThat(NumberText.format(Float.MIN_VALUE)).isEqualTo("1e-45");
        assertThat(NumberText.format(0.1f)).isEqualTo("0.1");
        assertThat(NumberText.format(1e6f)).isEqualTo("1e+06");
        assertThat(NumberText.format(3.4028235e38f)).isEqualTo("3.4028235e+38");
        assertThat(NumberText.format(16777216f)).isEqualTo("1.6777216e+07");
    }

    @Test
    void everyDoubleReadsBackAndNoShorterTextWould() {
        Random random = new Random(11);
        for (int i = 0; i < 30_000; i++) {
            double value = switch (i % 4) {
                case 0 -> Double.longBitsToDouble(random.nextLong());
                case 1 -> random.nextInt(1_000_000_000) / 1e4;
                case 2 -> Math.scalb(1.0, random.nextInt(2000) - 1000);
                default -> random.nextDouble();
            };
            if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
                continue;
            }
            String text = NumberText.format(value);
            assertThat(NumberText.parseDouble(text)).as(text).isEqualTo(value);
            BigDecimal written = new BigDecimal(text).stripTrailingZeros();
            if (written.precision() > 1) {
                int fewer = written.precision() - 1;
                BigDecimal exact = new BigDecimal(value);
                for (RoundingMode mode : new RoundingMode[] {RoundingMode.UP, RoundingMode.DOWN}) {
                    assertThat(exact.round(new MathContext(fewer, mode)).doubleValue())
                            .as(text + " is not the shortest")
                            .isNotEqualTo(value);
                }
            }
        }
    }

    @Test
    void everyFloatReadsBack() {
        Random random = new Random(12);
        for (int i = 0; i < 30_000; i++) {
            float value = i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : random.nextInt(100_000) / 100f;
            String text = NumberText.format(value);
            assertThat((float) NumberText.parseDouble(text)).as(text).isEqualTo(Float.valueOf(value));
        }
    }

    @Test
    void readsDoublesAsJavaDoes() {
        Random random = new Random(13);
        for (int i = 0; i < 50_000; i++) {
            String text = (random.nextBoolean() ? "-" : "") + random.nextInt(100_000) + "."
                    + random.nextInt(1_000_000_000) + (i % 3 == 0 ? "e" + (random.nextInt(200) - 100) : "");
            assertThat(NumberText.parseDouble(text)).as(text).isEqualTo(Double.parseDouble(text));
        }
        assertThat(NumberText.parseDouble(" +.5 ")).isEqualTo(0.5);
        assertThat(NumberText.parseDouble("5.")).isEqualTo(5);
        assertThat(NumberText.parseDouble("-INF")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(NumberText.parseDouble("nan")).isNaN();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "1e", "1d", "0x10", "1f", "1 2", "--1", "1e1.5", "1_000", "１"})
    void refusesWhatIsNoDouble(String text) {
        assertThatThrownBy(() -> NumberText.parseDouble(text))
                .hasMessageContaining("'" + text + "' is not a value of type DOUBLE")
                .satisfies(e -> assertThat(state(e)).isEqualTo("22P02"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "-1e400", "1e-400"})
    void refusesDoublesOutOfRange(String text) {
        assertThatThrownBy(() -> NumberText.parseDouble(text))
                .satisfies(e -> assertThat(state(e)).isEqualTo("22003"));
    }

    @Test
    void readsIntegersUpToTheBounds() {
        assertThat(NumberText.parseInteger(" -9223372036854775808 ", "BIGINT", Long.MIN_VALUE, Long.MAX_VALUE))
                .isEqualTo(Long.MIN_VALUE);
        assertThat(NumberText.parseInteger("+9223372036854775807", "BIGINT", Long.MIN_VALUE, Long.MAX_VALUE))
                .isEqualTo(Long.MAX_VALUE);
        for (String text : new String[] {"9223372036854775808", "-9223372036854775809", "99999999999999999999999"}) {
            assertThatThrownBy(() -> NumberText.parseInteger(text, "BIGINT", Long.MIN_VALUE, Long.MAX_VALUE))
                    .hasMessageContaining(text)
                    .satisfies(e -> assertThat(state(e)).isEqualTo("22003"));
        }
        assertThatThrownBy(() -> NumberText.parseInteger("128", "TINYINT", -128, 127))
                .hasMessage("'128' is out of range for type TINYINT (-128 to 127)");
        for (String text : new String[] {"", "-", "1.0", "1e3", "a", "1 1"}) {
            assertThatThrownBy(() -> NumberText.parseInteger(text, "INTEGER", -10, 10))
                    .satisfies(e -> assertThat(state(e)).isEqualTo("22P02"));
        }
    }

    @Test
    void readsAndWritesBooleansAndBytes() {
        assertThat(ValueText.parseBoolean(" Yes")).isTrue();
        assertThat(ValueText.parseBoolean("F")).isFalse();
        assertThatThrownBy(() -> ValueText.parseBoolean("maybe"))
                .satisfies(e -> assertThat(state(e)).isEqualTo("22P02"));
        assertThat(ValueText.parseBinary("\\x00fF")).containsExactly(0, 255);
        assertThat(ValueText.parseBinary("ü")).hasSize(2);
        assertThat(ValueText.formatBinary(new byte[] {0, -1, 16})).isEqualTo("\\x00ff10");
        for (String text : new String[] {"\\x0", "\\xgg"}) {
            assertThatThrownBy(() -> ValueText.parseBinary(text))
                    .satisfies(e -> assertThat(state(e)).isEqualTo("22P02"));
        }
    }
}
