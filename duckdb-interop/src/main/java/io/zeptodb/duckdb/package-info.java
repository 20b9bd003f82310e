/**
 * Engine results and tables as DuckDB tables inside one process.
 *
 * <p>DuckDB's driver is a heavy, native dependency; nothing outside this module and the benchmarks may need it.
 */
@NullMarked
package io.zeptodb.duckdb;

import org.jspecify.annotations.NullMarked;
