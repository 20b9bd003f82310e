/**
 * The one registry of functions. {@link io.zeptodb.engine.function.FunctionRegistry} knows every function by name; each {@link
 * io.zeptodb.engine.function.FunctionDefinition} has signature, null rule, documentation and a runnable example, and resolves argument
 * types to a {@link io.zeptodb.engine.function.ScalarFunction} or an {@link io.zeptodb.engine.function.AggregateFunction} that the plan
 * holds and exec calls. The SQL operator table, the documentation and the lists that drivers show are made from it.
 */
@NullMarked
package io.zeptodb.engine.function;

import org.jspecify.annotations.NullMarked;
