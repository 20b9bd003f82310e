/**
 * The embedded database: opens a folder or an in-memory database, wires the packages below it, and owns every thread and
 * clock.
 *
 * <p>Embedders see this package and {@code io.zeptodb.engine.api}; everything else under it is internal. The packages are the
 * stations of a row (ingest, wal, partition, seal, tier) and of a query (sql, optimizer, plan, exec); which of them may import
 * which is written in docs/architecture.md and enforced by the architecture test.
 */
@NullMarked
package io.zeptodb.engine;

import org.jspecify.annotations.NullMarked;
