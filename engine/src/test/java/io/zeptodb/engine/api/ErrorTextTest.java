package io.zeptodb.engine.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorTextTest {
    @Test
    void whatCanBeReadStaysAsItIs() {
        String longest = "x".repeat(ErrorText.MOST_CHARACTERS);
        assertThat(ErrorText.shortened(longest)).isEqualTo(longest);
        assertThat(ErrorText.shortened("")).isEmpty();
        assertThat(ErrorText.shortened(null)).isNull();
    }

    @Test
    void aLongWordKeepsItsEndsAndTheRemedyIsWhole() {
        String message = "'" + "a".repeat(1_000_000) + "z' is not a value of type DOUBLE; did you mean DECIMAL?";
        assertThat(new EngineException(ErrorCode.INVALID_TEXT, message))
                .hasMessage("'" + "a".repeat(59) + "…(1000003 characters)…" + "a".repeat(28)
                        + "z' is not a value of type DOUBLE; did you mean DECIMAL?");
    }

    @Test
    void aLongTextOfWordsKeepsItsBeginningAndItsEnd() {
        String message = "'" + "word ".repeat(100_000) + "' has no end: put a quote behind it";
        assertThat(ErrorText.shortened(message))
                .hasSizeLessThanOrEqualTo(ErrorText.MOST_CHARACTERS)
                .startsWith("'word word")
                .contains("…(500036 characters)…")
                .endsWith("word ' has no end: put a quote behind it");
    }

    @Test
    void longWordsManyAndWideAreShortToo() {
        for (String word : new String[] {"a".repeat(200), "😀".repeat(200), "x" + "😀".repeat(200)}) {
            String message = ("'" + word + "' ").repeat(1_000) + "end";
            String shorter = ErrorText.shortened(message);
            assertThat(shorter)
                    .hasSizeLessThanOrEqualTo(ErrorText.MOST_CHARACTERS)
                    .endsWith(" end");
            assertThat(shorter.codePoints().filter(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))
                    .isEmpty();
        }
    }
}
