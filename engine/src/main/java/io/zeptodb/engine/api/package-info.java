/**
 * What an embedder sees of the engine: {@link io.zeptodb.engine.api.Database}, {@link io.zeptodb.engine.api.Session},
 * {@link io.zeptodb.engine.api.BatchCursor}, {@link io.zeptodb.engine.api.Pipeline}, {@link io.zeptodb.engine.api.ColumnView}, schemas, types, options and
 * errors. Interfaces, records and enums only; no logic beyond checking their own values. Start at
 * {@link io.zeptodb.engine.api.Database}.
 */
@NullMarked
package io.zeptodb.engine.api;

import org.jspecify.annotations.NullMarked;
