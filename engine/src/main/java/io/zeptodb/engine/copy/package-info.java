/**
 * COPY FROM and COPY TO. {@link io.zeptodb.engine.copy.CsvSource} gives the fields of a CSV file as batches of text with the line of each
 * row; {@link io.zeptodb.engine.copy.CsvSink} writes batches as CSV. What the texts mean as values is the business of casts, above.
 */
@NullMarked
package io.zeptodb.engine.copy;

import org.jspecify.annotations.NullMarked;
