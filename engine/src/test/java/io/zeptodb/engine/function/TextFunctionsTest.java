package io.zeptodb.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TextFunctionsTest {
    @TestFactory
    Stream<DynamicTest> measures() {
        return FunctionTable.tests("""
                length '' = 0
                length 'Grüße aus Köln am Rhein' = 23
                length '😀a' = 2
                char_length 'abc' = 3
                length hex:00ff = 2
                octet_length 'Grüße' = 7
                octet_length hex:00ff = 2
                bit_length '😀' = 32
                position 'lo' ; 'hello' = 4
                position '' ; 'hello' = 1
                position 'x' ; 'hello' = 0
                position 'ß' ; 'Grüße' = 4
                strpos 'hello' ; 'lo' = 4
                instr 'a' ; 'abc' = 0
                locate 'l' ; 'hello' = 3
                locate 'l' ; 'hello' ; 4 = 4
                locate 'h' ; 'hello' ; 2 = 0
                locate '' ; 'üb' ; 3 = 3
                locate '' ; 'üb' ; 9 = 0
                locate 'b' ; 'üb' ; -5 = 2
                starts_with 'hello' ; 'he' = true
                starts_with 'hello' ; '' = true
                starts_with 'he' ; 'hello' = false
                ends_with 'a long text for a view' ; 'a view' = true
                ends_with 'view' ; 'a view' = false
                contains 'a long text for a view' ; 'for' = true
                contains 'a' ; 'b' = false
                ascii 'A' = 65
                ascii '😀' = 128512
                ascii '' = 0
                length null = NULL
                length 5 = !42883
                """);
    }

    @TestFactory
    Stream<DynamicTest> parts() {
        return FunctionTable.tests("""
                substr 'hello' ; 2 ; 3 = ell
                substr 'hello' ; 2 = ello
                substr 'hello' ; 0 ; 3 = he
                substr 'hello' ; -5 ; 3 = ''
                substr 'hello' ; -5 = hello
                substr 'hello' ; 6 = ''
                substr 'hello' ; 2 ; 0 = ''
                substr 'hello' ; 2 ; -1 = !22023
                substr 'hello' ; 2 ; 9223372036854775807 = ello
                substr 'hello' ; 9223372036854775807 ; 5 = ''
                substr 'hello' ; -9223372036854775808 ; 5 = ''
                substring 'Grüße aus Köln' ; 3 ; 3 = üße
                substr '😀bc' ; 2i ; 1i = b
                left 'hello' ; 2 = he
                left 'hello' ; -2 = hel
                left 'hello' ; -9 = ''
                left 'üöä' ; 2 = üö
                left 'hello' ; 9 = hello
                right 'hello' ; 2 = lo
                right 'hello' ; -2 = llo
                right 'hello' ; -9223372036854775808 = ''
                right 'üöä' ; 2 = öä
                btrim '  a b  ' = a b
                trim 'xxaxx' ; 'x' = a
                trim 'üaäü' ; 'äü' = a
                trim 'xyx' ; 'xy' = ''
                trim '' = ''
                ltrim '  a ' = 'a '
                rtrim ' a  ' = ' a'
                rtrim 'aüü' ; 'ü' = a
                split_part 'a,b,c' ; ',' ; 2 = b
                split_part 'a,b,c' ; ',' ; 4 = ''
                split_part 'a,b,c' ; ',' ; 5 = ''
                split_part 'a,b,c' ; ',' ; -1 = c
                split_part 'a,b,c' ; ',' ; -3 = a
                split_part 'a,b,c' ; ',' ; -4 = ''
                split_part 'a,b,c' ; ',' ; 0 = !22023
                split_part ',a' ; ',' ; 1 = ''
                split_part ',a' ; ',' ; 2 = a
                split_part 'abc' ; '' ; 1 = abc
                split_part 'abc' ; ',' ; 1 = abc
                split_part 'abc' ; ',' ; 2 = ''
                split_part 'a::b' ; '::' ; 2 = b
                """);
    }

    @TestFactory
    Stream<DynamicTest> changes() {
        return FunctionTable.tests("""
                upper 'hello {world}' = HELLO {WORLD}
                upper 'Grüße' = GRÜSSE
                upper 'a long text of small letters' = A LONG TEXT OF SMALL LETTERS
                lower 'GRÜN @[' = grün @[
                lower '' = ''
                initcap 'hello wORLD-wide 2nd' = Hello World-Wide 2nd
                reverse 'abc' = cba
                reverse 'aü😀' = 😀üa
                repeat 'ab' ; 3 = ababab
                repeat 'ab' ; 0 = ''
                repeat 'ab' ; -1 = ''
                repeat '' ; 9223372036854775807 = ''
                repeat 'ab' ; 9223372036854775807 = !22023
                replace 'banana' ; 'na' ; 'NO' = baNONO
                replace 'banana' ; '' ; 'x' = banana
                replace 'banana' ; 'x' ; 'y' = banana
                replace 'üü' ; 'ü' ; '' = ''
                overlay 'hello' ; 'XX' ; 2 ; 3 = hXXo
                overlay 'hello' ; 'XX' ; 2 = hXXlo
                overlay 'hello' ; 'ü' ; 9 ; 3 = helloü
                overlay 'hello' ; '' ; 1 ; 9223372036854775807 = ''
                overlay 'hello' ; 'X' ; 3 ; -1 = heXllo
                overlay 'hello' ; 'X' ; 0 = !22023
                translate '12345' ; '143' ; 'ax' = a2x5
                translate 'üa' ; 'ü' ; 'u' = ua
                lpad '7' ; 3 ; '0' = 007
                lpad 'hello' ; 2 = he
                lpad 'a' ; 4 ; 'xy' = xyxa
                lpad 'ü' ; 2 = ' ü'
                lpad 'a' ; -1 = ''
                lpad 'a' ; 5 ; '' = a
                lpad 'a' ; 9223372036854775807 = !22023
                rpad '7' ; 3 ; '0' = 700
                rpad 'a' ; 4 ; 'xy' = axyx
                chr 65 = A
                chr 128512 = 😀
                chr 0 = !22023
                chr 55296 = !22023
                chr 1114112 = !22023
                md5 'a' = 0cc175b9c0f1b6a831c399e269772661
                sha256 'a' = ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb
                to_hex 255 = ff
                to_hex -1 = ffffffffffffffff
                """);
    }

    @TestFactory
    Stream<DynamicTest> joins() {
        return FunctionTable.tests("""
                || 'a' ; 'b' = ab
                || 'a' ; 1 = a1
                || 1.5 ; 'x' = 1.5x
                || 'a' ; null = NULL
                || 'a text of some length' ; '' = a text of some length
                || hex:00 ; hex:ff = \\x00ff
                || 1 ; 2 = !42883
                concat 'a' ; null ; 1 ; true = a1true
                concat null = ''
                concat date:2024-01-02 ; ' ' ; 1.50m = 2024-01-02 1.50
                concat_ws '-' ; 'a' ; null ; 'b' = a-b
                concat_ws '-' ; null ; null = ''
                concat_ws null ; 'a' = NULL
                concat_ws ', ' ; 1 ; 2 ; 3 = 1, 2, 3
                format '%s is %L' ; 'a' ; 'it''s' = a is 'it''''s'
                format '%2$s %1$s %s' ; 'a' ; 'b' = b a b
                format '100%%' = 100%
                format '%I %I' ; 'abc' ; 'A b' = abc "A b"
                format '%L' ; null = NULL
                format '%s' = !22023
                format '%d' ; 1 = !22023
                format '%' ; 1 = !22023
                format null ; 1 = NULL
                typeof 1.50m = DECIMAL(3,2)
                typeof null = NULL
                typeof 'a' = VARCHAR
                version = ZeptoDB for Java
                """);
    }

    @TestFactory
    Stream<DynamicTest> patterns() {
        return FunctionTable.tests("""
                like 'hello' ; 'h_l%' = true
                like 'hello' ; 'hello' = true
                like 'hello' ; 'hell' = false
                like 'hello' ; 'hell%' = true
                like 'hello' ; '%llo' = true
                like 'hello' ; '%ell%' = true
                like 'hello' ; '%elo%' = false
                like 'hello' ; '%' = true
                like '' ; '%' = true
                like '' ; '' = true
                like 'a' ; '' = false
                like '' ; '_' = false
                like 'hello' ; '_____' = true
                like 'hello' ; '____' = false
                like 'ü😀' ; '__' = true
                like 'Grüße' ; 'Gr_ße' = true
                like 'hello' ; '%%l%%o' = true
                like 'aab' ; '%ab' = true
                like 'mississippi' ; '%iss%ip%i' = true
                like 'mississippi' ; 'm%iss%iss%x' = false
                like '50%' ; '50\\%' = true
                like '50x' ; '50\\%' = false
                like '50%' ; '50!%' ; '!' = true
                like 'a\\b' ; 'a\\b' ; '' = true
                like 'a\\' ; 'a\\' = !22023
                like 'a' ; 'a' ; 'xy' = !22023
                like 'Hello' ; 'hello' = false
                ilike 'HELLO' ; 'h_l%' = true
                ilike 'GRÜSSE' ; 'grü%' = true
                ilike 'a long text of Small letters' ; '%SMALL%' = true
                ilike 'abc' ; 'abd' = false
                similar_to 'abc' ; '%(b|d)%' = true
                similar_to 'abc' ; '(b|c)%' = false
                similar_to 'a.c' ; 'a.c' = true
                similar_to 'abc' ; 'a.c' = false
                similar_to 'aaa' ; 'a{2,3}' = true
                similar_to 'b5' ; '[a-c][0-9]' = true
                similar_to '50%' ; '50\\%' = true
                similar_to 'a' ; 'a#' ; '#' = !22023
                similar_to 'a' ; '(a' = !22023
                regexp_like 'hello' ; 'l+' = true
                regexp_like 'hello' ; '^l+' = false
                regexp_like 'HELLO' ; 'l+' ; 'i' = true
                regexp_like 'hello' ; '(' = !22023
                regexp_like 'hello' ; 'l' ; 'q' = !22023
                regexp_replace 'hello' ; 'l' ; 'L' = heLlo
                regexp_replace 'hello' ; 'l' ; 'L' ; 'g' = heLLo
                regexp_replace 'ab12' ; '([a-z]+)([0-9]+)' ; '\\2\\1' = 12ab
                regexp_replace 'ab' ; '(a)' ; '\\13' = a3b
                regexp_replace 'ab' ; 'a' ; '$1\\&' = $1ab
                regexp_replace 'ab' ; 'a' ; '\\9x' = xb
                regexp_extract 'a1b22' ; '[0-9]+' = 1
                regexp_extract 'a1b22' ; 'b([0-9]+)' ; 1i = 22
                regexp_extract 'abc' ; '[0-9]+' = ''
                regexp_extract 'abc' ; 'b' ; 1i = !22023
                regexp_substr 'a1b22' ; '[0-9]+' = 1
                regexp_substr 'abc' ; '[0-9]+' = NULL
                regexp_count 'banana' ; 'an' = 2
                like null ; 'a' = NULL
                like 5 ; 'a' = !42883
                """);
    }

    @Test
    void likeAgreesWithRegularExpressions() {
        Random random = new Random(9);
        String letters = "ab%_ü";
        try (Columns columns = new Columns()) {
            ScalarFunction like =
                    FunctionRegistry.standard().scalar("like", List.of(ColumnType.VARCHAR, ColumnType.VARCHAR));
            for (int round = 0; round < 3_000; round++) {
                String pattern = word(random, letters, 6);
                String text = word(random, "abü", 12);
                String regex = pattern.replace("%", ".*").replace("_", ".");
                Object answer = columns.call(
                                like,
                                null,
                                1,
                                columns.of(ColumnType.VARCHAR, text),
                                columns.constant(ColumnType.VARCHAR, pattern))
                        .get(0);
                assertThat(answer).as("'%s' LIKE '%s'", text, pattern).isEqualTo(Pattern.matches(regex, text));
            }
        }
    }

    private static String word(Random random, String letters, int most) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
