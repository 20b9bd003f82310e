/**
 * Results as Arrow: a query result as {@code VectorSchemaRoot} batches, as an {@code ArrowReader}, and as a C data stream that
 * other engines take over without copying.
 *
 * <p>Only this module speaks Arrow's IPC and C data interface; it sees the engine through its public API alone.
 */
@NullMarked
package io.zeptodb.arrow;

import org.jspecify.annotations.NullMarked;
