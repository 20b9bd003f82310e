package io.zeptodb.engine;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which package of the engine may import which: the table of docs/architecture.md, complete. A package that is not here may
 * not exist. When a rule bites, move a type down, not sideways.
 */
final class PackageTable {
    static final String ROOT = "io.zeptodb.engine";

    private static final String ARROW = "org.apache.arrow.";
    private static final String ARROW_MEMORY = "org.apache.arrow.memory.";
    private static final String VECTOR_API = "jdk.incubator.vector.";
    private static final String CSV = "de.siegmar.fastcsv.";
    private static final String FLAT_BUFFERS = "com.google.flatbuffers.";
    private static final String COMPRESSION = "io.airlift.compress.";

    /** Calcite, and the types of others that its API speaks. */
    private static final Set<String> CALCITE =
            Set.of("org.apache.calcite.", "com.google.common.", "org.checkerframework.");

    /** Packages of the engine, each with the packages of the engine that it may import. */
    static final Map<String, Set<String>> ENGINE = new TreeMap<>(Map.ofEntries(
            entry("api", Set.of()),
            entry("kernel", Set.of()),
            entry("store", Set.of("api")),
            entry("batch", Set.of("api", "kernel")),
            entry("catalog", Set.of("api", "store")),
            entry("wal", Set.of("api", "store", "batch")),
            entry("function", Set.of("api", "batch", "kernel")),
            entry("partition", Set.of("api", "batch", "catalog")),
            entry("plan", Set.of("api", "catalog", "function")),
            entry("ingest", Set.of("api", "store", "batch", "catalog", "wal", "partition")),
            entry("tier", Set.of("api", "store", "batch", "kernel", "catalog", "partition")),
            entry("sql", Set.of("api", "catalog", "function", "plan")),
            entry("copy", Set.of("api", "store", "batch", "catalog")),
            entry("exec", Set.of("api", "store", "batch", "kernel", "catalog", "function", "plan", "partition")),
            entry("seal", Set.of("api", "batch", "catalog", "store", "wal", "partition", "tier")),
            entry("optimizer", Set.of("api", "catalog", "function", "plan", "sql"))));

    /**
     * Libraries beyond the JDK, SLF4J and annotations. Arrow's memory types are in the signatures of batch, so whoever may import
     * batch may name them; Arrow's vectors are where batches cross the engine's edge.
     */
    static final Map<String, Set<String>> LIBRARIES = Map.ofEntries(
            entry("api", Set.of(ARROW)),
            entry("kernel", Set.of(ARROW_MEMORY, VECTOR_API, "sun.misc.")),
            entry("batch", Set.of(ARROW)),
            entry("wal", Set.of(ARROW_MEMORY)),
            entry("function", Set.of(ARROW_MEMORY)),
            entry("partition", Set.of(ARROW_MEMORY)),
            entry("ingest", Set.of(ARROW)),
            entry("tier", Set.of(ARROW, FLAT_BUFFERS, COMPRESSION)),
            entry("copy", Set.of(ARROW, CSV, FLAT_BUFFERS, COMPRESSION)),
            entry("exec", Set.of(ARROW_MEMORY)),
            entry("seal", Set.of(ARROW_MEMORY)),
            entry("sql", CALCITE),
            entry("optimizer", CALCITE));

    /** What the page calls the libraries. */
    private static final Map<String, String> LIBRARY_NAMES = Map.of(
            "Arrow", ARROW,
            "Arrow vector", ARROW,
            "Arrow memory", ARROW_MEMORY,
            "Vector API", VECTOR_API,
            "FastCSV", CSV,
            "FlatBuffers", FLAT_BUFFERS,
            "aircompressor", COMPRESSION,
            "Calcite", "org.apache.calcite.");

    private PackageTable() {}

    /** The library that the page calls so. */
    static String libraryCalled(String name) {
        String library = LIBRARY_NAMES.get(name);
        if (library == null) {
            throw new AssertionError("docs/architecture.md names '" + name + "', which PackageTable does not know");
        }
        return library;
    }

    /** Of a package, the libraries that the page has to name: what comes with batch, and what other libraries speak, it leaves out. */
    static Set<String> namedLibraries(String name) {
        Set<String> libraries = new TreeSet<>(LIBRARIES.getOrDefault(name, Set.of()));
        libraries.retainAll(LIBRARY_NAMES.values());
        if (ENGINE.get(name).contains("batch")) {
            libraries.remove(ARROW_MEMORY);
        }
        return libraries;
    }
}
