/**
 * The operators that SQL text can name. {@link io.zeptodb.engine.sql.operator.ZeptoOperatorTable} is made from the function registry: most
 * operators take their types from the registry's resolvers; Calcite's own stay where they bear syntax or where its rules know them.
 */
@NullMarked
package io.zeptodb.engine.sql.operator;

import org.jspecify.annotations.NullMarked;
