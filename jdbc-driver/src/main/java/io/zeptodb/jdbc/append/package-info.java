/**
 * Many rows at a time: {@link io.zeptodb.jdbc.append.Appender}, and what batches of prepared statements are made of.
 *
 * <p>Start with {@link io.zeptodb.jdbc.append.AppendingConnection}, which a connection is unwrapped to. {@link
 * io.zeptodb.jdbc.append.ParameterColumns} holds the rows of a batch as Arrow columns until they run; the drivers' statements use it, applications need not.
 */
@NullMarked
package io.zeptodb.jdbc.append;

import org.jspecify.annotations.NullMarked;
