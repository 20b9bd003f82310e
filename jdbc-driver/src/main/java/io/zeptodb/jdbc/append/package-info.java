/**
 * What batches of prepared statements are made of. Start with {@link io.zeptodb.jdbc.append.ParameterColumns}, which holds the rows of a batch as Arrow columns
 * until they run. The driver's statements use it; applications need not.
 */
@NullMarked
package io.zeptodb.jdbc.append;

import org.jspecify.annotations.NullMarked;
