package io.zeptodb.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import schemacrawler.schema.Catalog;
import schemacrawler.schema.Column;
import schemacrawler.schema.Table;
import schemacrawler.schemacrawler.LimitOptionsBuilder;
import schemacrawler.schemacrawler.SchemaCrawlerOptions;
import schemacrawler.schemacrawler.SchemaCrawlerOptionsBuilder;
import schemacrawler.tools.utility.SchemaCrawlerUtility;
import us.fatehi.utility.datasource.DatabaseConnectionSources;

/** SchemaCrawler over tables of every type, and views. */
class SchemaCrawlerTest {
    @TestFactory
    List<DynamicTest> theCatalogHasEverything() {
        return Places.both(url -> {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "CREATE TABLE every (b BOOLEAN, t TINYINT, s SMALLINT, i INTEGER NOT NULL, l BIGINT, r REAL,"
                                + " d DOUBLE, n DECIMAL(20,4), v VARCHAR, sym SYMBOL, bin VARBINARY, dt DATE, tm TIME(3),"
                                + " ts TIMESTAMP) DEDUP UPSERT KEYS (i, ts)");
                statement.execute("CREATE VIEW seen AS SELECT sym, n FROM every");
                statement.execute("CREATE MATERIALIZED VIEW kept AS SELECT sym, count(*) AS c FROM every GROUP BY sym");
            }
            SchemaCrawlerOptions options = SchemaCrawlerOptionsBuilder.newSchemaCrawlerOptions()
                    .withLimitOptions(LimitOptionsBuilder.builder()
                            .tableTypes("TABLE", "VIEW", "MATERIALIZED VIEW")
                            .toOptions());
            Catalog catalog = SchemaCrawlerUtility.getCatalog(
                    DatabaseConnectionSources.fromConnection(DriverManager.getConnection(url)), options);
            assertThat(catalog.getDatabaseInfo().getDatabaseProductName()).isEqualTo("ZeptoDB");
            List<String> lines = new ArrayList<>();
            for (Table table : catalog.getTables()) {
                if (table.getSchema().getFullName().contains("information_schema")) {
                    continue;
                }
                for (Column column : table.getColumns()) {
                    lines.add(table.getName() + " " + table.getTableType() + " " + column.getName() + " "
                            + column.getColumnDataType().getName() + (column.isNullable() ? "" : " NOT NULL"));
                }
            }
            assertThat(lines)
                    .contains(
                            "every table b BOOLEAN",
                            "every table t TINYINT",
                            "every table s SMALLINT",
                            "every table i INTEGER NOT NULL",
                            "every table l BIGINT",
                            "every table r REAL",
                            "every table d DOUBLE",
                            "every table n DECIMAL",
                            "every table v VARCHAR",
                            "every table sym SYMBOL",
                            "every table bin VARBINARY",
                            "every table dt DATE",
                            "every table tm TIME",
                            "every table ts TIMESTAMP",
                            "seen view sym SYMBOL",
                            "seen view n DECIMAL")
                    .anyMatch(line -> line.startsWith("kept ") && line.contains(" c BIGINT"));
        });
    }
}
