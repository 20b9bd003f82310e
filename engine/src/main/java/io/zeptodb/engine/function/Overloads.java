package io.zeptodb.engine.function;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ways to call a function by asking it with types of each kind, as {@link Signatures} does for errors: nobody writes them down. A parameter
 * that takes integers and casts them to DOUBLE is one of DOUBLE.
 */
public final class Overloads {
    private static final List<ColumnType> ALL = with(Signatures.KINDS, ColumnType.array(ColumnType.BIGINT));

    /** What functions of many parameters take: asking with all kinds would take too long. */
    private static final List<ColumnType> USUAL = List.of(
            ColumnType.BIGINT, ColumnType.DOUBLE, ColumnType.VARCHAR, ColumnType.TIMESTAMP_NS, ColumnType.INTERVAL_DAY);

    private static final int FEW_PARAMETERS = 3;

    /** What stands in signatures between parameters that are not in a list. */
    private static final String WORDS = "\\b(FROM|FOR|PLACING|IN|ILIKE|LIKE|ESCAPE|SIMILAR TO)\\b";

    private static final String SIGNS = "\\\\\\|\\\\\\||\\|\\||[-+*/%]";

    /** Between one call and the next: {@code count(*), count(x)}. */
    private static final Pattern NEXT_CALL = Pattern.compile("(?<=\\)), ");

    /** An element of an array, where other brackets stand around what is optional, behind a space. */
    private static final Pattern SUBSCRIPT = Pattern.compile("(?<=\\w)\\[(\\w+)]");

    /** More of the kind before, and all columns. */
    private static final Set<String> NO_NAMES = Set.of("…", "*");

    private final FunctionDefinition function;
    private final List<Overload> found = new ArrayList<>();
    private final Set<List<String>> parameters = new LinkedHashSet<>();

    private Overloads(FunctionDefinition function) {
        this.function = function;
    }

    /** The ways to call it; none for what is no call, as {@code ARRAY[…]}. */
    public static List<Overload> of(FunctionDefinition function) {
        Overloads overloads = new Overloads(function);
        for (List<String> names : parameterLists(function.signature())) {
            overloads.ask(names);
        }
        return List.copyOf(overloads.found);
    }

    private static List<ColumnType> with(List<ColumnType> types, ColumnType more) {
        List<ColumnType> all = new ArrayList<>(types);
        all.add(more);
        return List.copyOf(all);
    }

    /** The names of the parameters: without the optional ones, then with the first of them, and so on; of each call that the signature shows. */
    static List<List<String>> parameterLists(String signature) {
        List<List<String>> lists = new ArrayList<>();
        for (String call : NEXT_CALL.split(signature)) {
            lists.addAll(ofCall(call));
        }
        return lists;
    }

    private static List<List<String>> ofCall(String signature) {
        String list = SUBSCRIPT.matcher(list(signature)).replaceAll(", $1");
        List<String> names = new ArrayList<>();
        List<Integer> optional = new ArrayList<>();
        int depth = 0;
        for (String part : list.replace("[", ",[,").replace("]", ",],").split(",")) {
            String name = part.strip();
            if (name.equals("[")) {
                depth++;
            } else if (name.equals("]")) {
                depth--;
            } else if (!name.isEmpty() && !NO_NAMES.contains(name)) {
                if (depth > 0) {
                    optional.add(names.size());
                }
                names.add(name);
            }
        }
        List<List<String>> lists = new ArrayList<>();
        for (int more = 0; more <= optional.size(); more++) {
            List<String> some = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                int at = optional.indexOf(i);
                if (at < more) {
                    some.add(names.get(i));
                }
            }
            lists.add(some);
        }
        return lists;
    }

    private static String list(String signature) {
        int open = signature.indexOf('(');
        boolean call = open > 0 && signature.endsWith(")");
        String inside = call ? signature.substring(open + 1, signature.length() - 1) : signature;
        if (!call && inside.matches("\\w+")) {
            return "";
        }
        String commas = inside.replaceAll(WORDS, ",");
        return call ? commas : commas.replaceAll(SIGNS, ",");
    }

    private void ask(List<String> names) {
        List<Overload> of = new ArrayList<>();
        collect(names, new ColumnType[names.size()], 0, of);
        for (int i = 0; i < names.size(); i++) {
            of = general(of, i);
        }
        found.addAll(of);
    }

    private void collect(List<String> names, ColumnType[] types, int at, List<Overload> into) {
        if (at == types.length) {
            Overload overload = resolve(names, Arrays.asList(types));
            if (overload != null && parameters.add(overload.types())) {
                into.add(overload);
            }
            return;
        }
        for (ColumnType type : types.length > FEW_PARAMETERS ? USUAL : ALL) {
            types[at] = type;
            collect(names, types, at + 1, into);
        }
    }

    private @Nullable Overload resolve(List<String> names, List<ColumnType> types) {
        if (function.scalar() != null) {
            ScalarFunction scalar = function.scalar().resolve(types);
            return scalar == null ? null : overload(names, scalar.parameters(), scalar.result());
        } else if (function.window() != null) {
            WindowFunction window = function.window().resolve(types);
            return window == null ? null : overload(names, window.parameters(), window.result());
        } else if (function.aggregate() != null) {
            AggregateFunction aggregate = function.aggregate().resolve(types);
            return aggregate == null ? null : overload(names, aggregate.parameters(), aggregate.result());
        }
        return null;
    }

    private Overload overload(List<String> names, List<ColumnType> types, ColumnType result) {
        return new Overload(
                function.name(),
                names.subList(0, Math.min(names.size(), types.size())),
                types.stream().limit(names.size()).map(Overloads::spelled).toList(),
                spelled(result));
    }

    private static String spelled(ColumnType type) {
        return type.kind() == TypeKind.DECIMAL ? TypeKind.DECIMAL.name() : type.toString();
    }

    /** Overloads that differ in this parameter only, and have all flat types there, become one; the result is one type, or this parameter's. */
    private static List<Overload> general(List<Overload> overloads, int at) {
        Map<Overload, Set<String>> taken = new LinkedHashMap<>();
        for (Overload each : overloads) {
            for (Overload form : forms(each, at)) {
                taken.computeIfAbsent(form, key -> new LinkedHashSet<>())
                        .add(each.types().get(at));
            }
        }
        Set<String> flat = new LinkedHashSet<>();
        Signatures.KINDS.forEach(type -> flat.add(spelled(type)));
        Set<Overload> result = new LinkedHashSet<>();
        for (Overload each : overloads) {
            Overload shown = each;
            for (Overload form : forms(each, at)) {
                boolean all = taken.getOrDefault(form, Set.of()).containsAll(flat);
                shown = all && shown.equals(each) ? form : shown;
            }
            result.add(shown);
        }
        return List.copyOf(result);
    }

    /** As it is with any type there: with its own result, and with that type as the result when it is. */
    private static List<Overload> forms(Overload overload, int at) {
        if (at >= overload.types().size()) {
            return List.of();
        }
        List<String> types = new ArrayList<>(overload.types());
        String own = types.set(at, Overload.ANY);
        Overload fixed = new Overload(overload.function(), overload.names(), types, overload.result());
        return own.equals(overload.result())
                ? List.of(fixed, new Overload(overload.function(), overload.names(), types, Overload.ANY))
                : List.of(fixed);
    }
}
