/**
 * JMH benchmarks of the budgets in docs/benchmarks.md. Started by {@code benchmarks/run}.
 *
 * <p>This module depends on every other one, so the tests that look across modules are here as well.
 */
@NullMarked
package io.zeptodb.bench;

import org.jspecify.annotations.NullMarked;
