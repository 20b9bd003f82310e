package io.zeptodb.engine;

import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.FunctionRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Statements of the spec files, the corpora, the functions' examples and the page of the SQL, spoilt by seed. */
final class MutatedStatements {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path PAGE = Path.of("../docs/sql.md");
    private static final Pattern TOKEN = Pattern.compile(
            "'(?:[^']|'')*'|\"[^\"]*\"|[A-Za-z_][A-Za-z_0-9]*|\\d+(?:\\.\\d+)?|\\s+|<=|>=|<>|\\|\\||::|.",
            Pattern.DOTALL);
    private static final Set<String> BEFORE_A_TABLE = Set.of("from", "join", "into", "update", "table", "describe");
    private static final List<String> TABLES = List.of("kinds", "trades", "quotes", "small_one");
    private static final List<String> COLUMNS = List.of(
            "id", "b", "tiny", "n", "big", "r", "d", "dec", "s", "raw", "dt", "tm", "stamp", "symbol", "price",
            "volume", "ts");
    private static final List<String> NONSENSE = List.of(
            "-1",
            "0",
            "9223372036854775808",
            "1e999",
            "'",
            "\"",
            "(",
            ")",
            "((((((((((",
            "))",
            ",",
            ";",
            "NULL",
            "''",
            "\u0000",
            "\ud83d",
            "--",
            "/*",
            "*",
            "?",
            "::",
            "[",
            "]",
            "{",
            "}",
            "{d '",
            "\\",
            "SELECT",
            "FROM",
            "OVER ()",
            "GROUP BY",
            "ORDER BY",
            "1e-400",
            "'9999-99-99'",
            "INTERVAL",
            "UNION",
            "AS",
            "$",
            "@",
            "#",
            "\t",
            "\r\n",
            "NOT NOT NOT",
            "- - - -",
            "CASE",
            "END",
            "U&'\\0041'",
            "X'0'");

    private final SplittableRandom random;
    private final List<String> statements = new ArrayList<>();
    private final List<String> words = new ArrayList<>();

    MutatedStatements(long seed) {
        random = new SplittableRandom(seed);
        specs();
        for (FunctionDefinition function : FunctionRegistry.standard().all()) {
            statements.add(function.example());
        }
        for (String block : read(PAGE).split("\n\n")) {
            if (block.startsWith("    ")) {
                statements.addAll(List.of(block.strip().split("\n")));
            }
        }
        statements.forEach(statement -> words.addAll(tokens(statement)));
        words.removeIf(String::isBlank);
    }

    private void specs() {
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            files.filter(file -> file.toString().matches(".*\\.(test|txt|sql)"))
                    .sorted()
                    .forEach(file -> {
                        for (String record : read(file).split("\n\\s*\n")) {
                            String sql = record.replaceAll("(?m)^#.*\n?", "").replaceAll("^(statement|query) .*\n", "");
                            statements.add(sql.split("\n----", 2)[0]);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> tokens(String sql) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(sql);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        return tokens;
    }

    private String one(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String next() {
        List<String> tokens = tokens(one(statements));
        if (random.nextInt(4) > 0) {
            ofOurTables(tokens);
        }
        int changes = random.nextInt(3);
        for (int i = 0; i < changes && !tokens.isEmpty(); i++) {
            change(tokens, random.nextInt(tokens.size()));
        }
        return String.join("", tokens);
    }

    /** Names of the statement's own tables become ours, so that more than its first name is looked at. */
    private void ofOurTables(List<String> tokens) {
        String before = "";
        String table = one(TABLES);
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (token.isBlank()) {
                continue;
            }
            boolean name = token.matches("[a-z_][a-z_0-9]*");
            if (name && BEFORE_A_TABLE.contains(before)) {
                tokens.set(i, random.nextInt(4) == 0 ? one(TABLES) : table);
            } else if (name
                    && token.length() <= 6
                    && random.nextInt(3) > 0
                    && !(i + 1 < tokens.size() && tokens.get(i + 1).matches("[.(]"))) {
                tokens.set(i, one(COLUMNS));
            }
            before = token.toLowerCase(Locale.ROOT);
        }
    }

    private void change(List<String> tokens, int at) {
        switch (random.nextInt(8)) {
            case 0 -> tokens.remove(at);
            case 1 -> tokens.add(at, " " + one(words) + " ");
            case 2 -> tokens.set(at, one(words));
            case 3 -> tokens.add(at, tokens.get(random.nextInt(tokens.size())));
            case 4 -> tokens.set(at, " " + one(NONSENSE) + " ");
            case 5 -> {
                int other = random.nextInt(tokens.size());
                String kept = tokens.get(at);
                tokens.set(at, tokens.get(other));
                tokens.set(other, kept);
            }
            case 6 -> {
                int from = Math.min(at, random.nextInt(tokens.size()));
                tokens.addAll(at, List.copyOf(tokens.subList(from, Math.min(tokens.size(), from + 12))));
            }
            default -> {
                String token = tokens.get(at);
                int cut = random.nextInt(token.length() + 1);
                tokens.set(at, token.substring(0, cut) + (char) random.nextInt(1, 0x2FF) + token.substring(cut));
            }
        }
    }
}
