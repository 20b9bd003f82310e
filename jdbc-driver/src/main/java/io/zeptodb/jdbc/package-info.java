/**
 * The JDBC driver, built on Avatica's driver framework over one engine session, in process ({@code jdbc:zepto:}) and against a
 * server ({@code jdbc:zepto://host:port/}).
 *
 * <pre>
 * jdbc:zepto:                     a private in-memory database, gone with its last connection
 * jdbc:zepto:mem:NAME             an in-memory database shared by name inside the JVM
 * jdbc:zepto:file:PATH            a database folder on disk, shared inside the JVM
 * jdbc:zepto://HOST:PORT/         a server (default port 8765)
 * …?option=value&amp;option=value     options of the database (EngineOption) or of the connection to a server
 * </pre>
 *
 * <p>What a driver needs lives here: URLs and options, connections, statements, result sets, metadata; {@code value} reads Arrow batches,
 * {@code meta} is the side that a server shows. SQL is not understood here; that is the engine's. The same classes serve both kinds of
 * URL: what a statement runs on is a {@code StatementLink}, and either kind gives rows as Arrow batches. Start at {@link
 * io.zeptodb.jdbc.ZeptoDriver}, then {@code ZeptoConnection}.
 *
 * <p>What a caller should know:
 *
 * <ul>
 *   <li>A transaction reads one snapshot and its own changes, which is reported as TRANSACTION_REPEATABLE_READ; phantoms do not come either. A
 *       commit that meets changes of another transaction fails with 40001 and is rolled back: run it again from its first statement.
 *   <li>With auto-commit off the first statement begins a transaction, not setAutoCommit. setAutoCommit commits what is open when it changes
 *       the mode, also what the statement BEGIN began. A statement that fails leaves nothing behind, and the transaction
 *       goes on. commit and rollback in auto-commit mode are errors (25000); what the statement BEGIN began, COMMIT and ROLLBACK end, which without a
 *       transaction are a warning (25P01). Closing a connection rolls back. There are no savepoints.
 *   <li>A TIMESTAMP is a wall clock without a zone, stored as UTC. {@code getObject(i, LocalDateTime.class)} or {@code Instant.class} are
 *       exact; {@code getTimestamp(i)} shows the same wall clock in the JVM's zone, {@code getTimestamp(i, calendar)} in the calendar's.
 *   <li>A result is read as rows, forward or to and fro, or, by {@code unwrap(BatchCursor.class)}, as Arrow batches.
 *   <li>A batch of a prepared INSERT goes in as column batches, as one commit; {@code unwrap(AppendingConnection.class)} gives appenders, which are
 *       faster ({@link io.zeptodb.jdbc.append.Appender}).
 *   <li>Avatica's own driver reads the same server with times in milliseconds.
 * </ul>
 */
@NullMarked
package io.zeptodb.jdbc;

import org.jspecify.annotations.NullMarked;
