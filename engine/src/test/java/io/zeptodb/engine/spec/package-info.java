/**
 * Runs the spec files below {@code src/test/resources/spec}: SQL text with answers, in the grammar of sqllogictest. Start at {@link
 * io.zeptodb.engine.spec.SpecTest}; the grammar is told at {@link io.zeptodb.engine.spec.SpecFile}.
 */
package io.zeptodb.engine.spec;
