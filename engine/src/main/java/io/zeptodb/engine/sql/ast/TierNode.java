package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.SqlIdentifier;

/**
 * One step of a storage policy: {@code [TO] tier [AFTER] n unit}.
 *
 * @param age as text, e.g. {@code 7 DAYS}
 */
public record TierNode(SqlIdentifier tier, String age) {}
