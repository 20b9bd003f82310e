/**
 * The write-ahead log. What will live here, with durable databases: the writer and reader of the log and the layout of its records. A
 * database in memory publishes without a log, so it is empty.
 */
@NullMarked
package io.zeptodb.engine.wal;

import org.jspecify.annotations.NullMarked;
