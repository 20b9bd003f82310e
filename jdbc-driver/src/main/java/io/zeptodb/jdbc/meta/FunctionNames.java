package io.zeptodb.jdbc.meta;

import static io.zeptodb.jdbc.meta.CatalogRows.text;

import io.zeptodb.engine.api.Session;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The lists of functions that tools ask for by kind, made of what the engine has: those names of {@code zepto_functions()} that are words, aliases too,
 * in upper case. Each may be called with {@code {fn …}}.
 */
final class FunctionNames {
    private static final String QUESTION =
            "SELECT function_name, aliases, section FROM zepto_functions() WHERE kind = 'scalar'";

    /**
     * Names of operators, constructors and parts of a gap-filled GROUP BY, which do not stand as a call of their own, and words of the grammar that do
     * not stand in {@code {fn …}}.
     */
    private static final Set<String> NO_CALLS = Set.of(
            "DATE_DIFF",
            "TRANSLATE",
            "ARRAY",
            "ARRAY_ELEMENT",
            "LIST_ELEMENT",
            "FILL_VALUE",
            "ILIKE",
            "INTERPOLATE",
            "LIKE",
            "LOCF",
            "NEGATE",
            "ROW",
            "SIMILAR_TO",
            "TIME_BUCKET_GAPFILL",
            "TRANSLATE3");

    private FunctionNames() {}

    /** Kinds of functions, as JDBC divides them. */
    enum Kind {
        NUMERIC,
        STRING,
        TIME_DATE,
        SYSTEM;

        private static Kind of(String section) {
            return switch (section) {
                case "Numbers", "Operators", "Space" -> NUMERIC;
                case "Text" -> STRING;
                case "Time" -> TIME_DATE;
                default -> SYSTEM;
            };
        }
    }

    /** A comma-separated list for each kind. */
    static Map<Kind, String> of(Session session) {
        Map<Kind, StringJoiner> names = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            names.put(kind, new StringJoiner(","));
        }
        // syntax of the grammar and names of JDBC, which the registry need not know
        Objects.requireNonNull(names.get(Kind.SYSTEM))
                .add("COALESCE")
                .add("NULLIF")
                .add("IFNULL")
                .add("DATABASE")
                .add("USER");
        Objects.requireNonNull(names.get(Kind.STRING)).add("CHAR").add("INSERT").add("SPACE");
        Objects.requireNonNull(names.get(Kind.TIME_DATE)).add("TIMESTAMPADD");
        for (@Nullable Object[] function : CatalogQuestions.of(session).ask(QUESTION)) {
            StringJoiner list = Objects.requireNonNull(names.get(Kind.of(text(function[2]))));
            add(text(function[0]), list);
            for (String alias : text(function[1]).split(", ")) {
                add(alias, list);
            }
        }
        Map<Kind, String> lists = new EnumMap<>(Kind.class);
        names.forEach((kind, list) -> lists.put(kind, list.toString()));
        return lists;
    }

    private static void add(String name, StringJoiner list) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (!name.isEmpty() && Character.isLetter(name.charAt(0)) && !NO_CALLS.contains(upper)) {
            list.add(upper);
        }
    }
}
