package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a function takes, for errors: its signature with the kinds of values that each parameter has. Nobody writes these down; they are found by
 * asking the function, so that they are right.
 */
final class Signatures {
    /** One type for each kind of values that signatures tell apart. */
    static final List<ColumnType> KINDS = List.of(
            ColumnType.BIGINT,
            ColumnType.decimal(10, 2),
            ColumnType.DOUBLE,
            ColumnType.VARCHAR,
            ColumnType.VARBINARY,
            ColumnType.BOOLEAN,
            ColumnType.DATE,
            ColumnType.TIME,
            ColumnType.TIMESTAMP_NS,
            ColumnType.INTERVAL_DAY);

    private static final List<String> NAMES = List.of(
            "INTEGER", "DECIMAL", "DOUBLE", "VARCHAR", "VARBINARY", "BOOLEAN", "DATE", "TIME", "TIMESTAMP", "INTERVAL");
    private static final int NUMBERS = 3;

    /** With more parameters asking takes too long: names are enough there. */
    private static final int MOST_PARAMETERS = 3;

    private static final int MOST_SHOWN = 3;

    private Signatures() {}

    /** {@code vwap(price NUMERIC, volume NUMERIC)}; several, if it takes what no one of them says, joined by "or". */
    static String expected(FunctionDefinition function) {
        String signature = function.signature();
        int open = signature.indexOf('(');
        int close = signature.indexOf(')');
        boolean plain = open > 0 && close == signature.length() - 1 && signature.indexOf("(", open + 1) < 0;
        if (!plain || signature.contains("…") || signature.contains("...")) {
            return signature;
        }
        String list = signature.substring(open + 1, close);
        int optional = list.indexOf('[');
        List<String> names = names(list);
        int least =
                optional < 0 ? names.size() : names(list.substring(0, optional)).size();
        if (names.isEmpty() || names.size() > MOST_PARAMETERS || Collections.frequency(names, "*") > 0) {
            return signature;
        }
        List<String> shown = new ArrayList<>();
        for (int count = least; count <= names.size(); count++) {
            shown.addAll(ofCount(function, names.subList(0, count)));
        }
        if (shown.isEmpty() || shown.size() > MOST_SHOWN) {
            return signature;
        }
        return shown.stream().map(each -> function.name() + "(" + each + ")").collect(Collectors.joining(" or "));
    }

    private static List<String> names(String list) {
        List<String> names = new ArrayList<>();
        for (String part : list.replace("[", "").replace("]", "").split(",")) {
            if (!part.isBlank()) {
                names.add(part.strip());
            }
        }
        return names;
    }

    /** The parameters with their kinds: one text when they do not depend on each other, else one for each kind of the first. */
    private static List<String> ofCount(FunctionDefinition function, List<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        List<int[]> taken = new ArrayList<>();
        collect(function, new int[names.size()], 0, taken);
        if (taken.isEmpty()) {
            return List.of();
        }
        String independent = independent(taken, names);
        if (independent != null) {
            return List.of(independent);
        }
        List<String> texts = new ArrayList<>();
        for (int kind = 0; kind < KINDS.size(); kind++) {
            int first = kind;
            List<int[]> part = taken.stream().filter(each -> each[0] == first).toList();
            String text = part.isEmpty() ? "" : independent(part, names);
            if (text == null) {
                return List.of();
            } else if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static void collect(FunctionDefinition function, int[] kinds, int at, List<int[]> taken) {
        if (at == kinds.length) {
            List<ColumnType> types = new ArrayList<>();
            for (int kind : kinds) {
                types.add(KINDS.get(kind));
            }
            if (takes(function, types)) {
                taken.add(kinds.clone());
            }
            return;
        }
        for (int kind = 0; kind < KINDS.size(); kind++) {
            kinds[at] = kind;
            collect(function, kinds, at + 1, taken);
        }
    }

    private static boolean takes(FunctionDefinition function, List<ColumnType> types) {
        if (function.scalar() != null) {
            return function.scalar().resolve(types) != null;
        }
        if (function.window() != null) {
            return function.window().resolve(types) != null;
        }
        return function.aggregate() != null && function.aggregate().resolve(types) != null;
    }

    /** Null when what one parameter takes depends on another. */
    private static @Nullable String independent(List<int[]> taken, List<String> names) {
        List<Set<Integer>> kinds = new ArrayList<>();
        long combinations = 1;
        for (int i = 0; i < names.size(); i++) {
            Set<Integer> of = new TreeSet<>();
            for (int[] each : taken) {
                of.add(each[i]);
            }
            kinds.add(of);
            combinations *= of.size();
        }
        if (combinations != taken.size()) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            parts.add(names.get(i) + " " + text(kinds.get(i)));
        }
        return String.join(", ", parts);
    }

    private static String text(Set<Integer> kinds) {
        if (kinds.size() == KINDS.size()) {
            return "ANY";
        }
        List<String> names = new ArrayList<>();
        boolean numeric = kinds.containsAll(Set.of(0, 1, 2));
        if (numeric) {
            names.add("NUMERIC");
        }
        for (int kind : kinds) {
            if (!numeric || kind >= NUMBERS) {
                names.add(NAMES.get(kind));
            }
        }
        return String.join(" | ", names);
    }
}
