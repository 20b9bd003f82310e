package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * An item of PARTITION BY.
 *
 * @param name a column, NONE, or HOUR, DAY, MONTH when {@code column} is there
 * @param column the column in parentheses, or null
 */
public record PartitionNode(SqlIdentifier name, @Nullable SqlIdentifier column) {}
