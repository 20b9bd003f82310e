package io.zeptodb.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.connectors.liquibase.ZeptoLiquibaseDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Migrations with Liquibase. */
class LiquibaseTest {
    private static final String CHANGES = "io/zeptodb/connectors/changes.xml";

    private static List<String> query(String url, String sql) throws Exception {
        List<String> values = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    @Test
    void whatATableCannotHaveIsRefusedBeforeItIsMade() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:zepto:")) {
            Database database =
                    DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
            Liquibase liquibase =
                    new Liquibase("io/zeptodb/connectors/refused.xml", new ClassLoaderResourceAccessor(), database);
            assertThatThrownBy(() -> liquibase.update("")).hasMessageContaining("cannot have a primary key");
            try (ResultSet tables = connection.getMetaData().getTables(null, null, "keyed", null)) {
                assertThat(tables.next()).isFalse();
            }
        }
    }

    @TestFactory
    List<DynamicTest> changesAreMadeOnceAndUndone() {
        return Places.both(url -> {
            for (int i = 0; i < 2; i++) {
                try (Connection connection = DriverManager.getConnection(url)) {
                    Database database = DatabaseFactory.getInstance()
                            .findCorrectDatabaseImplementation(new JdbcConnection(connection));
                    assertThat(database).isInstanceOf(ZeptoLiquibaseDatabase.class);
                    Liquibase liquibase = new Liquibase(CHANGES, new ClassLoaderResourceAccessor(), database);
                    liquibase.update("");
                    assertThat(liquibase.listUnrunChangeSets(null, null)).isEmpty();
                }
            }
            assertThat(query(url, "SELECT state || ' ' || price || ' ' || placed FROM orders WHERE note IS NULL"))
                    .containsExactly("it's new 1.2500 2024-08-09 10:00:00");
            assertThat(query(url, "SELECT id FROM DATABASECHANGELOG ORDER BY orderexecuted"))
                    .containsExactly("1", "2", "3", "4");
            try (Connection connection = DriverManager.getConnection(url)) {
                Database database =
                        DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
                Liquibase liquibase = new Liquibase(CHANGES, new ClassLoaderResourceAccessor(), database);
                liquibase.rollback(2, "");
            }
            assertThat(
                            query(
                                    url,
                                    "SELECT column_name FROM information_schema.columns WHERE table_name IN ('orders', 'ticks')"))
                    .containsExactly("id", "state", "placed", "price");
            assertThat(query(url, "SELECT count(*) FROM DATABASECHANGELOGLOCK WHERE locked"))
                    .containsExactly("0");
        });
    }
}
