package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tables and views of a database at one moment: immutable; a change makes a new catalog with the next version. No table and no view has the name
 * of another one, and whatever a view reads is there: a change that would leave it without is refused.
 */
public final class Catalog {
    public static final Catalog EMPTY = new Catalog(0, 1, new TreeMap<>(), new TreeMap<>());

    private final long version;
    private final long nextTableId;
    private final SortedMap<String, TableMetadata> tables;
    private final SortedMap<String, ViewMetadata> views;

    private Catalog(
            long version,
            long nextTableId,
            SortedMap<String, TableMetadata> tables,
            SortedMap<String, ViewMetadata> views) {
        this.version = version;
        this.nextTableId = nextTableId;
        this.tables = tables;
        this.views = views;
    }

    /** A catalog as it was written down. */
    static Catalog restore(long version, long nextTableId, List<TableMetadata> tables, List<ViewMetadata> views) {
        SortedMap<String, TableMetadata> byName = new TreeMap<>();
        tables.forEach(table -> byName.put(fold(table.name()), table));
        SortedMap<String, ViewMetadata> viewsByName = new TreeMap<>();
        views.forEach(view -> viewsByName.put(fold(view.name()), view));
        return new Catalog(version, nextTableId, byName, viewsByName);
    }

    /** The table of this id, which is there. */
    TableMetadata ofId(long id) {
        for (TableMetadata table : tables.values()) {
            if (table.id() == id) {
                return table;
            }
        }
        throw new IllegalArgumentException("no table has the id " + id);
    }

    /** Grows with each change: plans made for one version are not used with another. */
    public long version() {
        return version;
    }

    /** The id that the next table gets. */
    public long nextTableId() {
        return nextTableId;
    }

    /** In the order of their names. */
    public Collection<TableMetadata> tables() {
        return Collections.unmodifiableCollection(tables.values());
    }

    /** Compared without case. */
    public Optional<TableMetadata> find(String name) {
        return Optional.ofNullable(tables.get(fold(name)));
    }

    /** @throws EngineException UNDEFINED_TABLE with the nearest name there is */
    public TableMetadata get(String name) {
        return find(name).orElseThrow(() -> undefined(name));
    }

    /** In the order of their names. */
    public Collection<ViewMetadata> views() {
        return Collections.unmodifiableCollection(views.values());
    }

    /** Compared without case. */
    public Optional<ViewMetadata> findView(String name) {
        return Optional.ofNullable(views.get(fold(name)));
    }

    /** @throws EngineException WRONG_OBJECT_TYPE when it is a table; UNDEFINED_TABLE with the nearest name there is */
    public ViewMetadata getView(String name) {
        return findView(name)
                .orElseThrow(() -> find(name).isPresent()
                        ? new EngineException(ErrorCode.WRONG_OBJECT_TYPE, "'" + name + "' is a table, not a view")
                        : undefined(name));
    }

    /** What asking for a table of this name meets when there is none: that it is a view, or the nearest name there is. */
    public EngineException undefined(String name) {
        ViewMetadata view = views.get(fold(name));
        if (view != null) {
            return new EngineException(
                    ErrorCode.WRONG_OBJECT_TYPE,
                    "'" + view.name() + "' is a " + view.kind()
                            + ", not a table: its rows are those of its query, change the tables that it reads");
        }
        List<String> known = new ArrayList<>();
        tables.values().forEach(table -> known.add(table.name()));
        views.values().forEach(each -> known.add(each.name()));
        return new EngineException(
                ErrorCode.UNDEFINED_TABLE, "table '" + name + "' does not exist" + Suggestion.of(name, known));
    }

    /** @throws EngineException DUPLICATE_TABLE */
    public Catalog with(TableMetadata table) {
        refuseTaken(table.name());
        SortedMap<String, TableMetadata> more = new TreeMap<>(tables);
        more.put(fold(table.name()), table);
        return new Catalog(version + 1, Math.max(nextTableId, table.id() + 1), more, views);
    }

    private void refuseTaken(String name) {
        if (tables.containsKey(fold(name))) {
            throw new EngineException(ErrorCode.DUPLICATE_TABLE, "table '" + name + "' exists already");
        }
        ViewMetadata view = views.get(fold(name));
        if (view != null) {
            throw new EngineException(
                    ErrorCode.DUPLICATE_TABLE, "a " + view.kind() + " '" + view.name() + "' exists already");
        }
    }

    /** @throws EngineException UNDEFINED_TABLE; DEPENDENT_OBJECTS when a view reads it */
    public Catalog without(String name) {
        TableMetadata table = get(name);
        refuseDependents("drop table '" + table.name() + "'", directDependents(table.name()));
        SortedMap<String, TableMetadata> fewer = new TreeMap<>(tables);
        fewer.remove(fold(name));
        return new Catalog(version + 1, nextTableId, fewer, views);
    }

    /**
     * With another state of a table that is there, perhaps under another name: the one with the same id.
     *
     * @throws EngineException UNDEFINED_TABLE, DUPLICATE_TABLE; DEPENDENT_OBJECTS when a view reads a column that has gone or has another name
     */
    public Catalog replacing(TableMetadata from, TableMetadata to) {
        get(from.name());
        refuseDependents("alter table '" + from.name() + "'", broken(from, to));
        SortedMap<String, TableMetadata> changed = new TreeMap<>(tables);
        changed.remove(fold(from.name()));
        Catalog with = new Catalog(version, nextTableId, changed, views).with(to);
        return new Catalog(version + 1, nextTableId, with.tables, views);
    }

    /** The views that read of the table what it would not be any more. */
    private List<ViewMetadata> broken(TableMetadata from, TableMetadata to) {
        List<ViewMetadata> broken = new ArrayList<>();
        for (ViewMetadata view : views.values()) {
            for (ViewMetadata.Dependency dependency : view.dependencies()) {
                if (dependency.isOf(from.name()) && !stillHas(to, from, dependency)) {
                    broken.add(view);
                }
            }
        }
        return broken;
    }

    private static boolean stillHas(TableMetadata to, TableMetadata from, ViewMetadata.Dependency dependency) {
        boolean there = dependency.isOf(to.name());
        for (String column : dependency.columns()) {
            int before = from.schema().ordinalOf(column);
            int now = to.schema().ordinalOf(column);
            there &= before >= 0 && now >= 0 && from.columnId(before) == to.columnId(now);
        }
        return there;
    }

    private static void refuseDependents(String change, List<ViewMetadata> dependents) {
        if (!dependents.isEmpty()) {
            throw dependent(change, dependents.stream().map(ViewMetadata::name).toList());
        }
    }

    /** DEPENDENT_OBJECTS: the change cannot be because of views. */
    public static EngineException dependent(String change, List<String> views) {
        String names = views.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return new EngineException(
                ErrorCode.DEPENDENT_OBJECTS,
                "cannot " + change + ": " + (views.size() == 1 ? "view " : "views ") + names
                        + (views.size() == 1 ? " needs it: drop the view" : " need it: drop the views")
                        + " first, or say CASCADE");
    }

    private List<ViewMetadata> directDependents(String relation) {
        return views.values().stream()
                .filter(view -> view.dependencies().stream().anyMatch(dependency -> dependency.isOf(relation)))
                .toList();
    }

    /** The views that read a table or view, directly or through other views, in an order in which they can be dropped. */
    public List<String> dependents(String relation) {
        Set<String> found = new LinkedHashSet<>();
        directDependents(relation).forEach(view -> addWithDependents(view, found));
        return List.copyOf(found);
    }

    /** As {@link #dependents(String)}, of one column of a table. */
    public List<String> dependents(String table, String column) {
        Set<String> found = new LinkedHashSet<>();
        for (ViewMetadata view : views.values()) {
            if (view.dependencies().stream().anyMatch(each -> each.isOf(table) && each.reads(column))) {
                addWithDependents(view, found);
            }
        }
        return List.copyOf(found);
    }

    private void addWithDependents(ViewMetadata view, Set<String> found) {
        directDependents(view.name()).forEach(other -> addWithDependents(other, found));
        found.add(view.name());
    }

    /** @throws EngineException DUPLICATE_TABLE; UNDEFINED_TABLE, UNDEFINED_COLUMN when something is missing that it reads */
    public Catalog with(ViewMetadata view) {
        refuseTaken(view.name());
        for (ViewMetadata.Dependency dependency : view.dependencies()) {
            requireColumns(view, dependency);
        }
        SortedMap<String, ViewMetadata> more = new TreeMap<>(views);
        more.put(fold(view.name()), view);
        return new Catalog(version + 1, Math.max(nextTableId, view.id() + 1), tables, more);
    }

    private void requireColumns(ViewMetadata view, ViewMetadata.Dependency dependency) {
        ViewMetadata other = views.get(fold(dependency.relation()));
        TableMetadata table = other == null ? get(dependency.relation()) : null;
        for (String column : dependency.columns()) {
            boolean there = other != null
                    ? other.hasColumn(column)
                    : table != null && table.schema().ordinalOf(column) >= 0;
            if (!there) {
                throw new EngineException(
                        ErrorCode.UNDEFINED_COLUMN,
                        "view '" + view.name() + "' needs column '" + column + "' of '" + dependency.relation()
                                + "', which is not there");
            }
        }
    }

    /**
     * With a view in the place of the one of its name.
     *
     * @throws EngineException WRONG_OBJECT_TYPE when that is a table, or a view of the other kind; DEPENDENT_OBJECTS when another view reads a column
     *     that it would not have, or that would be of another type; INVALID_TABLE_DEFINITION when it would read itself
     */
    public Catalog replacing(ViewMetadata view) {
        ViewMetadata old = getView(view.name());
        if (old.materialized() != view.materialized()) {
            throw new EngineException(
                    ErrorCode.WRONG_OBJECT_TYPE,
                    "cannot replace '" + old.name() + "': it is a " + old.kind() + ", drop it first");
        }
        SortedMap<String, ViewMetadata> others = new TreeMap<>(views);
        others.remove(fold(view.name()));
        Catalog with = new Catalog(version, nextTableId, tables, others).withReplacement(view);
        List<ViewMetadata> broken = new ArrayList<>();
        for (String dependent : with.dependents(view.name())) {
            // what is kept of it would be of the old rows
            ViewMetadata other = getView(dependent);
            if (other.materialized()) {
                broken.add(other);
            }
        }
        for (ViewMetadata other : directDependents(view.name())) {
            for (ViewMetadata.Dependency dependency : other.dependencies()) {
                if (dependency.isOf(view.name()) && !keeps(old, view, dependency)) {
                    broken.add(other);
                }
            }
        }
        refuseDependents("replace view '" + view.name() + "'", broken);
        return with;
    }

    private Catalog withReplacement(ViewMetadata view) {
        SortedMap<String, ViewMetadata> more = new TreeMap<>(views);
        more.put(fold(view.name()), view);
        Catalog with = new Catalog(version + 1, Math.max(nextTableId, view.id() + 1), tables, more);
        if (with.reaches(view, view.name(), new LinkedHashSet<>())) {
            throw recursive(view.name());
        }
        view.dependencies().forEach(dependency -> with.requireColumns(view, dependency));
        return with;
    }

    /** Whether a view reads a relation, directly or through other views. */
    private boolean reaches(ViewMetadata from, String relation, Set<String> seen) {
        for (ViewMetadata.Dependency dependency : from.dependencies()) {
            ViewMetadata next = views.get(fold(dependency.relation()));
            boolean reached = dependency.isOf(relation)
                    || (next != null && seen.add(fold(next.name())) && reaches(next, relation, seen));
            if (reached) {
                return true;
            }
        }
        return false;
    }

    private static EngineException recursive(String view) {
        return new EngineException(ErrorCode.INVALID_TABLE_DEFINITION, "view '" + view + "' would read itself");
    }

    private static boolean keeps(ViewMetadata old, ViewMetadata next, ViewMetadata.Dependency dependency) {
        for (String column : dependency.columns()) {
            ColumnType before = typeOf(old, column);
            if (before == null || !before.equals(typeOf(next, column))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable ColumnType typeOf(ViewMetadata view, String column) {
        for (ColumnDefinition known : view.columns()) {
            if (known.name().equalsIgnoreCase(column)) {
                return known.type();
            }
        }
        return null;
    }

    /** @throws EngineException UNDEFINED_TABLE, WRONG_OBJECT_TYPE; DEPENDENT_OBJECTS when another view reads it */
    public Catalog withoutView(String name) {
        ViewMetadata view = getView(name);
        refuseDependents("drop " + view.kind() + " '" + view.name() + "'", directDependents(view.name()));
        SortedMap<String, ViewMetadata> fewer = new TreeMap<>(views);
        fewer.remove(fold(name));
        return new Catalog(version + 1, nextTableId, tables, fewer);
    }

    /**
     * The part of it that somebody sees, of the same version: tables of these names, and views of these names that read nothing else.
     *
     * @param names in lower case
     */
    public Catalog restrictedTo(Set<String> names) {
        SortedMap<String, TableMetadata> fewer = new TreeMap<>(tables);
        fewer.keySet().retainAll(names);
        SortedMap<String, ViewMetadata> fewerViews = new TreeMap<>();
        views.forEach((name, view) -> {
            if (readsOnly(view, names)) {
                fewerViews.put(name, view);
            }
        });
        return new Catalog(version, nextTableId, fewer, fewerViews);
    }

    private boolean readsOnly(ViewMetadata view, Set<String> names) {
        if (!names.contains(fold(view.name()))) {
            return false;
        }
        for (ViewMetadata.Dependency dependency : view.dependencies()) {
            ViewMetadata next = views.get(fold(dependency.relation()));
            boolean reads = next == null ? names.contains(fold(dependency.relation())) : readsOnly(next, names);
            if (!reads) {
                return false;
            }
        }
        return true;
    }

    /** The same tables and views under another version. */
    public Catalog asVersion(long other) {
        return new Catalog(other, nextTableId, tables, views);
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
