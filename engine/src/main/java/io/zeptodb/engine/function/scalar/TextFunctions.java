package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions of text: the documentation's section "Text". A character is a Unicode code point. */
public final class TextFunctions {
    private static final String TITLE = "Text";
    private static final ColumnType VARCHAR = ColumnType.VARCHAR;
    private static final ColumnType BINARY = ColumnType.VARBINARY;
    private static final ColumnType INTEGER = ColumnType.INTEGER;
    private static final ColumnType BIGINT = ColumnType.BIGINT;
    private static final ColumnType BOOLEAN = ColumnType.BOOLEAN;

    private TextFunctions() {}

    public static List<FunctionDefinition> definitions() {
        List<FunctionDefinition> definitions = new ArrayList<>(measures());
        definitions.addAll(moreMeasures());
        definitions.addAll(parts());
        definitions.addAll(changes());
        definitions.addAll(digestsAndFills());
        definitions.addAll(joins());
        definitions.addAll(PatternFunctions.definitions());
        return definitions;
    }

    // ---- numbers and truths about texts

    private static List<FunctionDefinition> measures() {
        return new Section(TITLE, TextFunctions::measure)
                .add(
                        "length",
                        "length(text)",
                        "Number of characters; of a VARBINARY, bytes.",
                        "SELECT length('Grüße')",
                        "5",
                        "char_length",
                        "character_length")
                .add(
                        "octet_length",
                        "octet_length(text)",
                        "Number of bytes in UTF-8.",
                        "SELECT octet_length('Grüße')",
                        "7")
                .add("bit_length", "bit_length(text)", "Number of bits in UTF-8.", "SELECT bit_length('abc')", "24")
                .add(
                        "position",
                        "position(part IN text)",
                        "Where the part first occurs, from 1; 0 when it does not.",
                        "SELECT position('lo' IN 'hello')",
                        "4")
                .add(
                        "strpos",
                        "strpos(text, part)",
                        "As position, arguments swapped.",
                        "SELECT strpos('hello', 'lo')",
                        "4",
                        "instr")
                .definitions();
    }

    private static List<FunctionDefinition> moreMeasures() {
        return new Section(TITLE, TextFunctions::measure)
                .add(
                        "locate",
                        "locate(part, text [, from])",
                        "Where the part first occurs at or behind a character, from 1; 0 when it does not.",
                        "SELECT locate('l', 'hello', 4)",
                        "4")
                .add(
                        "starts_with",
                        "starts_with(text, prefix)",
                        "Whether the text begins so.",
                        "SELECT starts_with('hello', 'he')",
                        "true")
                .add(
                        "ends_with",
                        "ends_with(text, suffix)",
                        "Whether the text ends so.",
                        "SELECT ends_with('hello', 'lo')",
                        "true")
                .add(
                        "contains",
                        "contains(text, part)",
                        "Whether the part occurs in the text.",
                        "SELECT contains('hello', 'ell')",
                        "true")
                .add(
                        "ascii",
                        "ascii(text)",
                        "Code point of the first character, 0 for an empty text.",
                        "SELECT ascii('A')",
                        "65")
                .definitions();
    }

    private static @Nullable ScalarFunction measure(Call call) {
        boolean binary = call.count() > 0 && call.kind(0) == TypeKind.VARBINARY;
        return switch (call.name()) {
            case "length" ->
                binary
                        ? call.total(INTEGER, TextMeasures.bytes(1), BINARY)
                        : call.total(INTEGER, TextMeasures.characters(), VARCHAR);
            case "octet_length" -> call.total(INTEGER, TextMeasures.bytes(1), binary ? BINARY : VARCHAR);
            case "bit_length" -> call.total(INTEGER, TextMeasures.bytes(Byte.SIZE), binary ? BINARY : VARCHAR);
            case "position" -> call.total(INTEGER, TextMeasures.position(1, 0), VARCHAR, VARCHAR);
            case "strpos" -> call.total(INTEGER, TextMeasures.position(0, 1), VARCHAR, VARCHAR);
            case "locate" ->
                call.count() == 2
                        ? call.total(INTEGER, TextMeasures.position(1, 0), VARCHAR, VARCHAR)
                        : call.total(INTEGER, TextMeasures.locate(), VARCHAR, VARCHAR, BIGINT);
            case "starts_with" -> call.total(BOOLEAN, TextMeasures.startsWith(), VARCHAR, VARCHAR);
            case "ends_with" -> call.total(BOOLEAN, TextMeasures.endsWith(), VARCHAR, VARCHAR);
            case "contains" -> call.total(BOOLEAN, TextMeasures.contains(), VARCHAR, VARCHAR);
            default -> call.total(INTEGER, TextMeasures.ascii(), VARCHAR);
        };
    }

    // ---- parts of texts

    private static List<FunctionDefinition> parts() {
        return new Section(TITLE, TextFunctions::part)
                .add(
                        "substr",
                        "substr(text, start [, length])",
                        "Characters from a place on, counted from 1; places before the first count but hold nothing. A negative length is an error (22023).",
                        "SELECT substr('hello', 2, 3)",
                        "ell",
                        "substring")
                .add(
                        "left",
                        "left(text, n)",
                        "The first n characters; for negative n all but the last -n.",
                        "SELECT left('hello', 2)",
                        "he")
                .add(
                        "right",
                        "right(text, n)",
                        "The last n characters; for negative n all but the first -n.",
                        "SELECT right('hello', 2)",
                        "lo")
                .add(
                        "btrim",
                        "trim(text [, characters])",
                        "The text without blanks, or the characters given, at both ends.",
                        "SELECT trim('  a ')",
                        "a",
                        "trim")
                .add(
                        "ltrim",
                        "ltrim(text [, characters])",
                        "As trim, at the beginning only.",
                        "SELECT ltrim('xxa', 'x')",
                        "a")
                .add(
                        "rtrim",
                        "rtrim(text [, characters])",
                        "As trim, at the end only.",
                        "SELECT rtrim('axx', 'x')",
                        "a")
                .add(
                        "split_part",
                        "split_part(text, delimiter, n)",
                        "The n-th part between delimiters, from 1, from the end for negative n; empty when there is none. 22023 for n = 0.",
                        "SELECT split_part('a,b,c', ',', 2)",
                        "b")
                .definitions();
    }

    private static @Nullable ScalarFunction part(Call call) {
        return switch (call.name()) {
            case "substr" ->
                call.count() == 2
                        ? call.total(VARCHAR, TextParts.substring(false), VARCHAR, BIGINT)
                        : call.partial(VARCHAR, TextParts.substring(true), VARCHAR, BIGINT, BIGINT);
            case "left" -> call.total(VARCHAR, TextParts.left(), VARCHAR, BIGINT);
            case "right" -> call.total(VARCHAR, TextParts.right(), VARCHAR, BIGINT);
            case "btrim" -> trim(call, true, true);
            case "ltrim" -> trim(call, true, false);
            case "rtrim" -> trim(call, false, true);
            default -> call.partial(VARCHAR, TextParts.splitPart(), VARCHAR, VARCHAR, BIGINT);
        };
    }

    private static @Nullable ScalarFunction trim(Call call, boolean leading, boolean trailing) {
        ScalarKernel kernel = TextParts.trim(leading, trailing);
        return call.count() == 1 ? call.total(VARCHAR, kernel, VARCHAR) : call.total(VARCHAR, kernel, VARCHAR, VARCHAR);
    }

    // ---- changed texts

    private static List<FunctionDefinition> changes() {
        return new Section(TITLE, TextFunctions::change)
                .add(
                        "upper",
                        "upper(text)",
                        "Upper case, by Unicode, of no language.",
                        "SELECT upper('Grüße')",
                        "GRÜSSE",
                        "ucase")
                .add(
                        "lower",
                        "lower(text)",
                        "Lower case, by Unicode, of no language.",
                        "SELECT lower('GRÜN')",
                        "grün",
                        "lcase")
                .add(
                        "initcap",
                        "initcap(text)",
                        "Each word's first letter in upper case, the others in lower case.",
                        "SELECT initcap('hello wORLD')",
                        "Hello World")
                .add("reverse", "reverse(text)", "The characters backwards.", "SELECT reverse('abc')", "cba")
                .add(
                        "repeat",
                        "repeat(text, n)",
                        "The text n times; 22023 when that is more than 256 MiB.",
                        "SELECT repeat('ab', 3)",
                        "ababab")
                .add(
                        "replace",
                        "replace(text, from, to)",
                        "Every occurrence of a part replaced.",
                        "SELECT replace('banana', 'na', 'NO')",
                        "baNONO")
                .add(
                        "overlay",
                        "overlay(text PLACING part FROM start [FOR length])",
                        "Characters from a place on, as many as the part has or a number of them, replaced by the part. A start below 1 is an error (22023).",
                        "SELECT overlay('hello' PLACING 'XX' FROM 2 FOR 3)",
                        "hXXo")
                .definitions();
    }

    private static List<FunctionDefinition> digestsAndFills() {
        return new Section(TITLE, TextFunctions::change)
                .add(
                        "translate",
                        "translate(text, from, to)",
                        "Each character of from becomes that at its place in to, or goes when there is none.",
                        "SELECT translate('12345', '143', 'ax')",
                        "a2x5",
                        "translate3")
                .add(
                        "lpad",
                        "lpad(text, n [, fill])",
                        "Filled from the left, with blanks or a text, to n characters; longer texts are cut.",
                        "SELECT lpad('7', 3, '0')",
                        "007")
                .add(
                        "rpad",
                        "rpad(text, n [, fill])",
                        "Filled from the right to n characters; longer texts are cut.",
                        "SELECT rpad('7', 3, '0')",
                        "700")
                .add("chr", "chr(n)", "The character of a code point; 22023 when there is none.", "SELECT chr(65)", "A")
                .add(
                        "md5",
                        "md5(text)",
                        "MD5 of the UTF-8 bytes, hexadecimal.",
                        "SELECT md5('')",
                        "d41d8cd98f00b204e9800998ecf8427e")
                .add(
                        "sha256",
                        "sha256(text)",
                        "SHA-256 of the UTF-8 bytes, hexadecimal.",
                        "SELECT left(sha256(''), 8)",
                        "e3b0c442")
                .add("to_hex", "to_hex(n)", "An integer in hexadecimal, two's complement.", "SELECT to_hex(255)", "ff")
                .definitions();
    }

    private static @Nullable ScalarFunction change(Call call) {
        return switch (call.name()) {
            case "upper" -> call.total(VARCHAR, TextChanges.upper(), VARCHAR);
            case "lower" -> call.total(VARCHAR, TextChanges.lower(), VARCHAR);
            case "initcap" -> call.total(VARCHAR, TextChanges.initcap(), VARCHAR);
            case "reverse" -> call.total(VARCHAR, TextChanges.reverse(), VARCHAR);
            case "repeat" -> call.partial(VARCHAR, TextChanges.repeat(), VARCHAR, BIGINT);
            case "replace" -> call.total(VARCHAR, TextChanges.replace(), VARCHAR, VARCHAR, VARCHAR);
            case "overlay" ->
                call.count() == 3
                        ? call.partial(VARCHAR, TextChanges.overlay(), VARCHAR, VARCHAR, BIGINT)
                        : call.partial(VARCHAR, TextChanges.overlay(), VARCHAR, VARCHAR, BIGINT, BIGINT);
            case "translate" -> call.total(VARCHAR, TextChanges.translate(), VARCHAR, VARCHAR, VARCHAR);
            case "lpad" -> pad(call, true);
            case "rpad" -> pad(call, false);
            case "chr" -> call.partial(VARCHAR, TextChanges.chr(), BIGINT);
            case "md5" -> call.total(VARCHAR, TextChanges.digest("MD5"), VARCHAR);
            case "sha256" -> call.total(VARCHAR, TextChanges.digest("SHA-256"), VARCHAR);
            default ->
                call.total(
                        VARCHAR,
                        TextLoops.rows((arguments, row, result, work) ->
                                result.setText(row, Long.toHexString(arguments[0].getLong(row)))),
                        BIGINT);
        };
    }

    private static @Nullable ScalarFunction pad(Call call, boolean left) {
        ScalarKernel kernel = TextChanges.pad(call.name(), left);
        return call.count() == 2
                ? call.partial(VARCHAR, kernel, VARCHAR, BIGINT)
                : call.partial(VARCHAR, kernel, VARCHAR, BIGINT, VARCHAR);
    }

    // ---- texts put together, of values of any type

    private static List<FunctionDefinition> joins() {
        return new Section(TITLE, TextFunctions::join)
                .add(
                        "||",
                        "a || b",
                        "Texts, or bytes, put together; other values as their text. NULL when one is NULL.",
                        "SELECT 'a' || 'b'",
                        "ab")
                .add(
                        "concat",
                        "concat(a, b, …)",
                        "Values as text put together, NULLs left out.",
                        "SELECT concat('a', NULL, 1)",
                        "a1")
                .add(
                        "concat_ws",
                        "concat_ws(separator, a, b, …)",
                        "Values as text with a separator between them, NULLs left out.",
                        "SELECT concat_ws('-', 'a', NULL, 'b')",
                        "a-b")
                .add(
                        "format",
                        "format(pattern, a, b, …)",
                        "The pattern with %s replaced by a value's text, %I by it as an identifier, %L as a literal, %% by %. %2$s takes the second value, %10s"
                                + " fills it to a width with blanks in front, %-10s behind, %*s to one that is a value too.",
                        "SELECT format('%s is %L', 'a', 'b')",
                        "a is 'b'")
                .add("typeof", "typeof(x)", "The name of a value's type.", "SELECT typeof(CAST(1 AS BIGINT))", "BIGINT")
                .add("version", "version()", "The name of this database.", "SELECT version()", "ZeptoDB for Java")
                .definitions();
    }

    private static @Nullable ScalarFunction join(Call call) {
        return switch (call.name()) {
            case "||" -> concatenation(call);
            case "concat" -> call.count() > 0 ? ofTexts(call, NullRule.CALLED_ON_NULL, TextJoins.concat()) : null;
            case "concat_ws" ->
                call.count() > 1 ? ofTexts(call, NullRule.CALLED_ON_NULL, TextJoins.concatWithSeparator()) : null;
            case "format" -> call.count() > 0 ? ofTexts(call, NullRule.CALLED_ON_NULL, TextJoins.format()) : null;
            case "typeof" -> call.count() == 1 ? typeOf(call) : null;
            default -> call.total(VARCHAR, TextJoins.constant("ZeptoDB for Java"));
        };
    }

    private static @Nullable ScalarFunction concatenation(Call call) {
        if (call.count() != 2) {
            return null;
        }
        if (call.kind(0) == TypeKind.VARBINARY && call.kind(1) == TypeKind.VARBINARY) {
            return call.total(BINARY, TextJoins.concatenation(), BINARY, BINARY);
        }
        boolean text = call.kind(0).isText() || call.kind(1).isText() || (call.isNull(0) && call.isNull(1));
        return text ? ofTexts(call, NullRule.STRICT, TextJoins.concatenation()) : null;
    }

    /** Takes every argument as text, whatever it is. */
    private static ScalarFunction ofTexts(Call call, NullRule nullRule, ScalarKernel kernel) {
        ColumnType[] parameters = new ColumnType[call.count()];
        Arrays.fill(parameters, VARCHAR);
        boolean mayFail = call.name().equals("format");
        return new ScalarFunction(call.name(), Arrays.asList(parameters), VARCHAR, nullRule, mayFail, true, kernel);
    }

    private static @Nullable ScalarFunction typeOf(Call call) {
        String name = call.isNull(0) ? "NULL" : call.type(0).toString();
        return call.function(VARCHAR, NullRule.CALLED_ON_NULL, false, TextJoins.constant(name), call.type(0));
    }
}
