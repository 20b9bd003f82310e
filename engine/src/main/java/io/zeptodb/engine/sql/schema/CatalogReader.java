package io.zeptodb.engine.sql.schema;

import com.google.common.collect.ImmutableList;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.sql.type.Types;
import java.util.Properties;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.validate.SqlNameMatchers;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Resolves names of tables and types for one statement: {@code t}, {@code main.t}, {@code zepto.main.t}, without regard to case. */
public final class CatalogReader extends CalciteCatalogReader {
    /** The catalog's name. */
    public static final String CATALOG = "zepto";

    /** The schema of the user's tables. */
    public static final String MAIN = "main";

    /** The schema of the standard's views of the catalog. */
    public static final String INFORMATION_SCHEMA = "information_schema";

    /** Where the tables behind zepto_tables() and the like are; no text can name it without quotes. */
    public static final String SYSTEM = "$system";

    /** Where the table of an UPDATE or DELETE is, with the sequence of its rows; no text can name it without quotes. */
    public static final String CHANGED = "$changed";

    private static final ImmutableList<ImmutableList<String>> SEARCH_PATH =
            ImmutableList.of(ImmutableList.of(CATALOG, MAIN), ImmutableList.of(CATALOG), ImmutableList.of());

    /** @param root as {@link DatabaseSchemas#root} makes it */
    public CatalogReader(CalciteSchema root, RelDataTypeFactory typeFactory) {
        super(
                root,
                SqlNameMatchers.withCaseSensitive(false),
                ImmutableList.copyOf(SEARCH_PATH),
                typeFactory,
                new CalciteConnectionConfigImpl(new Properties()));
    }

    @Override
    public @Nullable RelDataType getNamedType(SqlIdentifier name) {
        ColumnType type = name.isSimple() ? Types.named(name.getSimple()) : null;
        return type == null ? null : Types.toCalcite(typeFactory, type, false);
    }
}
