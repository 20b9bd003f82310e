/**
 * How rows come in: {@link io.zeptodb.engine.ingest.Storage} is the door to the tables, {@link
 * io.zeptodb.engine.ingest.Transaction} a transaction whose rows are checked and put into the tables' types by {@link
 * io.zeptodb.engine.ingest.TableWriter}, {@link io.zeptodb.engine.ingest.RowPipeline} the bounded queue of single rows. Where rows lie,
 * and how a commit becomes visible, is the business of partition; when segments are sealed, that of seal. No thread is made and no clock
 * is read here.
 *
 * <p>On disk a change is first a record: {@link io.zeptodb.engine.ingest.TransactionLog} writes them, {@link io.zeptodb.engine.ingest.LoggedWrite}
 * keeps them and the tables one thing, {@link io.zeptodb.engine.ingest.Recovery} does what they say again when a folder is opened ({@link
 * io.zeptodb.engine.ingest.ReplayRelief} when the memory gets short). {@link
 * io.zeptodb.engine.ingest.SessionTransaction} is a transaction over several statements.
 */
@NullMarked
package io.zeptodb.engine.ingest;

import org.jspecify.annotations.NullMarked;
