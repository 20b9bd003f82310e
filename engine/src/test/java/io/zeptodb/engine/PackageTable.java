package io.zeptodb.engine;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
            entry("tier", Set.of(ARROW, "com.google.flatbuffers.", "io.airlift.compress.")),
            entry("copy", Set.of(ARROW, CSV, "com.google.flatbuffers.", "io.airlift.compress.")),
            entry("exec", Set.of(ARROW_MEMORY)),
            entry("seal", Set.of(ARROW_MEMORY)),
            entry("sql", CALCITE),
            entry("optimizer", CALCITE));

    private PackageTable() {}
}
