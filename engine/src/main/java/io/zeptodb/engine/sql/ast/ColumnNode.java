package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;

/** A column of CREATE TABLE. */
public record ColumnNode(SqlIdentifier name, SqlDataTypeSpec type, boolean nullable) {}
