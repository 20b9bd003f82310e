/**
 * Operators over batches: one class for each plan record, opened by {@link io.zeptodb.engine.exec.Operators}, pulled by {@link
 * io.zeptodb.engine.exec.Operator#next()}. {@link io.zeptodb.engine.exec.ExecutionContext} is what a running query knows. Text, rules and tables'
 * write side are not seen from here.
 */
@NullMarked
package io.zeptodb.engine.exec;

import org.jspecify.annotations.NullMarked;
