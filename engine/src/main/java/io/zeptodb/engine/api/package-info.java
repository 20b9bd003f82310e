/**
 * What an embedder sees of the engine: {@link io.zeptodb.engine.api.Database}, {@link io.zeptodb.engine.api.Session},
 * {@link io.zeptodb.engine.api.BatchCursor}, {@link io.zeptodb.engine.api.Pipeline}, {@link io.zeptodb.engine.api.ColumnView}, schemas,
 * types, options and errors; no logic beyond checking their own values, but for the text forms of values, which every door shares ({@link
 * io.zeptodb.engine.api.TemporalText}, {@link io.zeptodb.engine.api.IntervalText}, {@link io.zeptodb.engine.api.NumberText},
 * {@link io.zeptodb.engine.api.ValueText}). Start at {@link io.zeptodb.engine.api.Database}.
 */
@NullMarked
package io.zeptodb.engine.api;

import org.jspecify.annotations.NullMarked;
