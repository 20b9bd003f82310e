/**
 * Rows that operators put on disk when the query's memory ends. {@link io.zeptodb.engine.exec.spill.SpillSpace} is a database's room for them,
 * {@link io.zeptodb.engine.exec.spill.SpilledRows} a file of rows that is written once, read from its beginning as often as asked, and deleted
 * with its operator.
 *
 * <p>A file is an Arrow IPC stream: a schema, record batches of at most {@link io.zeptodb.engine.batch.Batch#ROWS} rows, an end. Codes of SYMBOL
 * columns are int32 without their dictionary, which lives in the process. Place, length and CRC32C of each record batch are kept in memory:
 * what is read back is what was written, or an error that names file and offset. No file outlives its process: what a crash leaves is deleted
 * when the database is opened.
 */
@NullMarked
package io.zeptodb.engine.exec.spill;

import org.jspecify.annotations.NullMarked;
