/**
 * How rows come in: {@link io.zeptodb.engine.ingest.Storage} is the door to the tables in memory, {@link
 * io.zeptodb.engine.ingest.Transaction} a transaction whose rows are checked and put into the tables' types by {@link
 * io.zeptodb.engine.ingest.TableWriter}, {@link io.zeptodb.engine.ingest.RowPipeline} the bounded queue of single rows. Where rows lie,
 * and how a commit becomes visible, is the business of partition; when segments are sealed, that of seal. No thread is made and no clock
 * is read here.
 */
@NullMarked
package io.zeptodb.engine.ingest;

import org.jspecify.annotations.NullMarked;
