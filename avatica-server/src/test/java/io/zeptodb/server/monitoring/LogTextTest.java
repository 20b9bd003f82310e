package io.zeptodb.server.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTextTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "SELECT 'naïve €',SELECT 'naïve €'",
                "`SELECT 1\n[main] DEBUG forged`,SELECT 1\\n[main] DEBUG forged",
                "`a\r\tb`,a\\r\\tb",
                "'C:\\x','C:\\\\x'",
                "a\u001b[2Jb,a\\u001b[2Jb",
                "a\u0085b\u2028c\u2029d,a\\u0085b\\u2028c\\u2029d",
                "a\u202eb,a\\u202eb"
            })
    void aTextOfAClientIsOneLine(String text, String shown) {
        assertThat(LogText.oneLine(text)).isEqualTo(shown);
    }
}
