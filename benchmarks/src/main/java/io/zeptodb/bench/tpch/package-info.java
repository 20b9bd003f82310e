/**
 * The 22 queries of TPC-H beside DuckDB. The texts of the queries, with the parameters that the standard gives for validation, and of the
 * tables are resources; {@link io.zeptodb.bench.tpch.Tpch} is the program.
 */
@NullMarked
package io.zeptodb.bench.tpch;

import org.jspecify.annotations.NullMarked;
