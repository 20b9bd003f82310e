package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayList;
import java.util.List;

/** Tables and a front end for tests of this package. */
final class SqlFrontEndFixture {
    static final Catalog CATALOG = Catalog.EMPTY
            .with(table(
                    1,
                    "trades",
                    "symbol",
                    ColumnType.SYMBOL,
                    "price",
                    ColumnType.DOUBLE,
                    "volume",
                    ColumnType.BIGINT,
                    "ts",
                    ColumnType.TIMESTAMP_NS))
            .with(table(
                    2,
                    "quotes",
                    "symbol",
                    ColumnType.SYMBOL,
                    "bid",
                    ColumnType.DOUBLE,
                    "ask",
                    ColumnType.DOUBLE,
                    "ts",
                    ColumnType.TIMESTAMP_NS))
            .with(table(
                    3,
                    "kinds",
                    "b",
                    ColumnType.BOOLEAN,
                    "i1",
                    ColumnType.TINYINT,
                    "i2",
                    ColumnType.SMALLINT,
                    "i4",
                    ColumnType.INTEGER,
                    "i8",
                    ColumnType.BIGINT,
                    "f4",
                    ColumnType.REAL,
                    "f8",
                    ColumnType.DOUBLE,
                    "dec",
                    ColumnType.decimal(10, 2),
                    "txt",
                    ColumnType.VARCHAR,
                    "bin",
                    ColumnType.VARBINARY,
                    "d",
                    ColumnType.DATE,
                    "t",
                    ColumnType.TIME,
                    "ts",
                    ColumnType.TIMESTAMP_NS));

    private static final SqlFrontEnd FRONT_END = new SqlFrontEnd(TestFunctions.registry());
    private static final long ROWS = 100;

    private SqlFrontEndFixture() {}

    static ValidatedStatement validate(String sql) {
        return FRONT_END.validate(sql, new SqlFrontEnd.Context(CATALOG, table -> ROWS, false));
    }

    static ValidatedStatement.Query query(String sql) {
        return (ValidatedStatement.Query) validate(sql);
    }

    private static TableMetadata table(long id, String name, Object... namesAndTypes) {
        List<ColumnDefinition> columns = new ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            columns.add(new ColumnDefinition((String) namesAndTypes[i], (ColumnType) namesAndTypes[i + 1], true));
        }
        return new TableMetadata(
                id, new TableDefinition(name, columns, null, null, TableDefinition.Fate.KEPT).schema(columns));
    }
}
