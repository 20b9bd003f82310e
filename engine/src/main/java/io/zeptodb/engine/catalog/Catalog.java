package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tables of a database at one moment: immutable; a change makes a new catalog with the next version. */
public final class Catalog {
    public static final Catalog EMPTY = new Catalog(0, 1, new TreeMap<>());

    private final long version;
    private final long nextTableId;
    private final SortedMap<String, TableMetadata> tables;

    private Catalog(long version, long nextTableId, SortedMap<String, TableMetadata> tables) {
        this.version = version;
        this.nextTableId = nextTableId;
        this.tables = tables;
    }

    /** A catalog as it was written down. */
    static Catalog restore(long version, long nextTableId, List<TableMetadata> tables) {
        SortedMap<String, TableMetadata> byName = new TreeMap<>();
        tables.forEach(table -> byName.put(fold(table.name()), table));
        return new Catalog(version, nextTableId, byName);
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

    public EngineException undefined(String name) {
        String hint = Suggestion.of(
                name, tables.values().stream().map(TableMetadata::name).toList());
        return new EngineException(ErrorCode.UNDEFINED_TABLE, "table '" + name + "' does not exist" + hint);
    }

    /** @throws EngineException DUPLICATE_TABLE */
    public Catalog with(TableMetadata table) {
        if (tables.containsKey(fold(table.name()))) {
            throw new EngineException(ErrorCode.DUPLICATE_TABLE, "table '" + table.name() + "' exists already");
        }
        SortedMap<String, TableMetadata> more = new TreeMap<>(tables);
        more.put(fold(table.name()), table);
        return new Catalog(version + 1, Math.max(nextTableId, table.id() + 1), more);
    }

    /** @throws EngineException UNDEFINED_TABLE */
    public Catalog without(String name) {
        get(name);
        SortedMap<String, TableMetadata> fewer = new TreeMap<>(tables);
        fewer.remove(fold(name));
        return new Catalog(version + 1, nextTableId, fewer);
    }

    /**
     * With another state of a table that is there, perhaps under another name: the one with the same id.
     *
     * @throws EngineException UNDEFINED_TABLE, DUPLICATE_TABLE
     */
    public Catalog replacing(TableMetadata from, TableMetadata to) {
        Catalog without = without(from.name());
        Catalog with = without.with(to);
        return new Catalog(version + 1, nextTableId, with.tables);
    }

    /** The same tables under another version. */
    public Catalog asVersion(long other) {
        return new Catalog(other, nextTableId, tables);
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
