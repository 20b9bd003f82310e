/**
 * COPY FROM and COPY TO. {@link io.zeptodb.engine.copy.CsvSource} gives the fields of a CSV file as batches of text with the line of each
 * row; {@link io.zeptodb.engine.copy.CsvSink} writes batches as CSV. {@link io.zeptodb.engine.copy.ArrowSource} and
 * {@link io.zeptodb.engine.copy.ArrowSink} do so for Arrow's IPC files and streams, in the types of the file. Both sinks are a
 * {@link io.zeptodb.engine.copy.CopySink}. What texts mean as values, and how one type becomes another, is the business of casts, above.
 */
@NullMarked
package io.zeptodb.engine.copy;

import org.jspecify.annotations.NullMarked;
