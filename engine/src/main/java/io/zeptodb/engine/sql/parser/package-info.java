/**
 * The generated parser: Calcite's grammar with our productions, made by the build from {@code engine/src/main/codegen}. Nothing is written
 * here by hand; only {@link io.zeptodb.engine.sql.SqlText} calls it.
 */
@NullMarked
package io.zeptodb.engine.sql.parser;

import org.jspecify.annotations.NullMarked;
