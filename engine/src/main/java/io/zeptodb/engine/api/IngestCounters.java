package io.zeptodb.engine.api;

/**
 * Rows that a pipeline, or all of a database, was given. Nothing is lost in silence: once drained, received = stored + refused.
 *
 * @param received rows offered
 * @param stored rows committed
 * @param refused rows turned away with an error
 */
public record IngestCounters(long received, long stored, long refused) {}
