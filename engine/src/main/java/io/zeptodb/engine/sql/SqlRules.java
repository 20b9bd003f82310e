package io.zeptodb.engine.sql;

import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/**
 * What the language allows beyond the standard: names of the select list in GROUP BY, HAVING and ORDER BY, {@code %}, {@code !=}, LIMIT, lenient
 * casts; but a name in the select list never means its neighbour there, and what is neither grouped nor aggregated is an error.
 */
final class SqlRules extends SqlDelegatingConformance {
    static final SqlRules INSTANCE = new SqlRules();

    private SqlRules() {
        super(SqlConformanceEnum.BABEL);
    }

    @Override
    public SelectAliasLookup isSelectAlias() {
        return SelectAliasLookup.UNSUPPORTED;
    }

    @Override
    public boolean allowExplicitRowValueConstructor() {
        return true;
    }

    @Override
    public boolean isNonStrictGroupBy() {
        return false;
    }

    @Override
    public boolean isInsertSubsetColumnsAllowed() {
        return false;
    }

    @Override
    public boolean allowGeometry() {
        return false;
    }

    @Override
    public boolean supportsUnsignedTypes() {
        return false;
    }

    @Override
    public boolean isColonFieldAccessAllowed() {
        return false;
    }
}
