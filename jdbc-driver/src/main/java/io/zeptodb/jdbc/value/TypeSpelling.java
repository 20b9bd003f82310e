package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NestedField;
import io.zeptodb.engine.api.TypeKind;
import java.util.ArrayList;
import java.util.List;

/** Reads back what {@link ColumnType#toString()} writes: how a server says the type of a nested column. For one text. */
final class TypeSpelling {
    private static final String ARRAY = " ARRAY";
    private static final String ROW = "ROW(";

    private final String text;
    private int at;

    private TypeSpelling(String text) {
        this.text = text;
    }

    /** Whether the spelling is that of a nested type. */
    static boolean isNested(String text) {
        return text.endsWith(ARRAY) || text.startsWith(ROW);
    }

    /** @throws IllegalArgumentException for a text that is no type's */
    static ColumnType parse(String text) {
        TypeSpelling spelling = new TypeSpelling(text);
        ColumnType type = spelling.type();
        if (spelling.at < text.length()) {
            throw spelling.wrong();
        }
        return type;
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("'" + text + "' is not the name of a type, from character " + at + " on");
    }

    private boolean skip(String expected) {
        boolean there = text.startsWith(expected, at);
        at += there ? expected.length() : 0;
        return there;
    }

    private ColumnType type() {
        ColumnType type = skip(ROW) ? row() : plain();
        while (skip(ARRAY)) {
            type = ColumnType.array(type);
        }
        return type;
    }

    private ColumnType row() {
        List<NestedField> fields = new ArrayList<>();
        do {
            String name = name();
            if (!skip(" ")) {
                throw wrong();
            }
            fields.add(new NestedField(name, type()));
        } while (skip(", "));
        if (!skip(")")) {
            throw wrong();
        }
        return ColumnType.row(fields);
    }

    private String name() {
        if (!skip("\"")) {
            int end = text.indexOf(' ', at);
            if (end < 0) {
                throw wrong();
            }
            String plain = text.substring(at, end);
            at = end;
            return plain;
        }
        StringBuilder name = new StringBuilder();
        while (at < text.length()) {
            if (skip("\"\"")) {
                name.append('"');
            } else if (skip("\"")) {
                return name.toString();
            } else {
                name.append(text.charAt(at++));
            }
        }
        throw wrong();
    }

    private ColumnType plain() {
        if (skip(ColumnType.INTERVAL_DAY.toString())) {
            return ColumnType.INTERVAL_DAY;
        }
        if (skip(ColumnType.INTERVAL_MONTH.toString())) {
            return ColumnType.INTERVAL_MONTH;
        }
        int start = at;
        while (at < text.length() && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String name = text.substring(start, at);
        int[] numbers = skip("(") ? numbers() : new int[0];
        if (name.isEmpty()) {
            throw wrong();
        }
        TypeKind kind = TypeKind.valueOf(name);
        int first = numbers.length > 0 ? numbers[0] : ColumnType.MAX_TIME_PRECISION;
        return switch (kind) {
            case DECIMAL -> ColumnType.decimal(first, numbers.length > 1 ? numbers[1] : 0);
            case TIME -> ColumnType.time(first);
            case TIMESTAMP -> ColumnType.timestamp(first);
            default -> new ColumnType(kind, 0, 0);
        };
    }

    private int[] numbers() {
        int end = text.indexOf(')', at);
        if (end < 0) {
            throw wrong();
        }
        String[] parts = text.substring(at, end).split(",", -1);
        int[] numbers = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = Integer.parseInt(parts[i]);
        }
        at = end + 1;
        return numbers;
    }
}
