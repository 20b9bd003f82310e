/**
 * The scalar functions and casts that every database has. {@code …Functions} classes are the providers, one for each section of the
 * documentation: texts, and a resolver that picks the overload for argument types ({@link io.zeptodb.engine.function.scalar.Call}).
 * The loops are in the classes beside them ({@link io.zeptodb.engine.function.scalar.IntegerArithmetic}, {@link
 * io.zeptodb.engine.function.scalar.DecimalArithmetic}, …); those that know no vectors are in kernel. Nothing outside {@link
 * io.zeptodb.engine.function} refers to this package.
 */
@NullMarked
package io.zeptodb.engine.function.scalar;

import org.jspecify.annotations.NullMarked;
