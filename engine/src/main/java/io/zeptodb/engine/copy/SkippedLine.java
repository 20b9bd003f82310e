package io.zeptodb.engine.copy;

/**
 * A line of a file that was left out.
 *
 * @param line from 1
 * @param reason what is wrong with it: "expected 3 fields, got 2"
 */
public record SkippedLine(long line, String reason) {}
