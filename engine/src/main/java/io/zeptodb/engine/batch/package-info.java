/**
 * Rows in columns, off-heap, in Arrow's layout. {@link io.zeptodb.engine.batch.ColumnVector} is a borrowed, read-only column;
 * {@link io.zeptodb.engine.batch.WritableColumn} owns its memory and grows; {@link io.zeptodb.engine.batch.Batch} is columns of equal length with an
 * optional {@link io.zeptodb.engine.batch.SelectionVector}. {@link io.zeptodb.engine.batch.MemoryBudget} is where memory comes from. No operator, no
 * function and no table lives here.
 */
@NullMarked
package io.zeptodb.engine.batch;

import org.jspecify.annotations.NullMarked;
