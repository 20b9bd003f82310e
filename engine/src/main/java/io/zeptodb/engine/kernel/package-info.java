/**
 * The inner loops over column memory, by address: no types of the engine, no allocation, no data-dependent branch.
 * {@link io.zeptodb.engine.kernel.Memory} is the door to raw memory. The scalar loops are the specification of the vector ones;
 * KernelProvider picks one set at start. What knows columns, batches or SQL lives above.
 */
@NullMarked
package io.zeptodb.engine.kernel;

import org.jspecify.annotations.NullMarked;
