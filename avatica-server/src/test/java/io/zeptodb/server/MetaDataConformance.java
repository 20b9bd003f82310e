package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The results of DatabaseMetaData, the same in the process and over the network. */
abstract class MetaDataConformance extends SupportedConformance {
    private interface Question {
        ResultSet ask(DatabaseMetaData metaData) throws SQLException;
    }

    private static final String FOREIGN_KEYS =
            "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME PKCOLUMN_NAME FKTABLE_CAT FKTABLE_SCHEM FKTABLE_NAME FKCOLUMN_NAME"
                    + " KEY_SEQ:s UPDATE_RULE:s DELETE_RULE:s FK_NAME PK_NAME DEFERRABILITY:s";

    /** As the documentation of java.sql.DatabaseMetaData lists them: text without a letter, i int, s short, l long, b boolean. */
    private static final Map<String, Question> SHAPES = shapes();

    private static Map<String, Question> shapes() {
        Map<String, Question> shapes = new TreeMap<>();
        shapes.put("TABLE_CAT", DatabaseMetaData::getCatalogs);
        shapes.put("TABLE_SCHEM TABLE_CATALOG", DatabaseMetaData::getSchemas);
        shapes.put("TABLE_TYPE", DatabaseMetaData::getTableTypes);
        shapes.put(
                "TABLE_CAT TABLE_SCHEM TABLE_NAME TABLE_TYPE REMARKS TYPE_CAT TYPE_SCHEM TYPE_NAME"
                        + " SELF_REFERENCING_COL_NAME REF_GENERATION",
                m -> m.getTables(null, null, null, null));
        shapes.put(
                "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE:i TYPE_NAME COLUMN_SIZE:i BUFFER_LENGTH:i"
                        + " DECIMAL_DIGITS:i NUM_PREC_RADIX:i NULLABLE:i REMARKS COLUMN_DEF SQL_DATA_TYPE:i"
                        + " SQL_DATETIME_SUB:i CHAR_OCTET_LENGTH:i ORDINAL_POSITION:i IS_NULLABLE SCOPE_CATALOG"
                        + " SCOPE_SCHEMA SCOPE_TABLE SOURCE_DATA_TYPE:s IS_AUTOINCREMENT IS_GENERATEDCOLUMN",
                m -> m.getColumns(null, null, null, null));
        shapes.put(
                "TYPE_NAME DATA_TYPE:i PRECISION:i LITERAL_PREFIX LITERAL_SUFFIX CREATE_PARAMS NULLABLE:s"
                        + " CASE_SENSITIVE:b SEARCHABLE:s UNSIGNED_ATTRIBUTE:b FIXED_PREC_SCALE:b AUTO_INCREMENT:b"
                        + " LOCAL_TYPE_NAME MINIMUM_SCALE:s MAXIMUM_SCALE:s SQL_DATA_TYPE:i SQL_DATETIME_SUB:i"
                        + " NUM_PREC_RADIX:i",
                DatabaseMetaData::getTypeInfo);
        shapes.put(
                "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME RESERVED1 RESERVED2 RESERVED3 REMARKS PROCEDURE_TYPE:s"
                        + " SPECIFIC_NAME",
                m -> m.getProcedures(null, null, null));
        shapes.put(
                "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME COLUMN_NAME COLUMN_TYPE:s DATA_TYPE:i TYPE_NAME"
                        + " PRECISION:i LENGTH:i SCALE:s RADIX:s NULLABLE:s REMARKS COLUMN_DEF SQL_DATA_TYPE:i"
                        + " SQL_DATETIME_SUB:i CHAR_OCTET_LENGTH:i ORDINAL_POSITION:i IS_NULLABLE SPECIFIC_NAME",
                m -> m.getProcedureColumns(null, null, null, null));
        shapes.put(
                "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME REMARKS FUNCTION_TYPE:s SPECIFIC_NAME",
                m -> m.getFunctions(null, null, "a%"));
        shapes.put(
                "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME COLUMN_NAME COLUMN_TYPE:s DATA_TYPE:i TYPE_NAME PRECISION:i"
                        + " LENGTH:i SCALE:s RADIX:s NULLABLE:s REMARKS CHAR_OCTET_LENGTH:i ORDINAL_POSITION:i"
                        + " IS_NULLABLE SPECIFIC_NAME",
                m -> m.getFunctionColumns(null, null, "a%", null));
        shapes.put(
                "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE",
                m -> m.getColumnPrivileges(null, null, "every", null));
        shapes.put(
                "TABLE_CAT TABLE_SCHEM TABLE_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE",
                m -> m.getTablePrivileges(null, null, null));
        shapes.put(
                "SCOPE:s COLUMN_NAME DATA_TYPE:i TYPE_NAME COLUMN_SIZE:i BUFFER_LENGTH:i DECIMAL_DIGITS:s"
                        + " PSEUDO_COLUMN:s",
                m -> m.getBestRowIdentifier(null, null, "every", DatabaseMetaData.bestRowSession, true));
        shapes.put(
                " SCOPE:s COLUMN_NAME DATA_TYPE:i TYPE_NAME COLUMN_SIZE:i BUFFER_LENGTH:i DECIMAL_DIGITS:s"
                        + " PSEUDO_COLUMN:s",
                m -> m.getVersionColumns(null, null, "every"));
        shapes.put(
                "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME KEY_SEQ:s PK_NAME",
                m -> m.getPrimaryKeys(null, null, "every"));
        shapes.put(FOREIGN_KEYS, m -> m.getImportedKeys(null, null, "every"));
        shapes.put(" " + FOREIGN_KEYS, m -> m.getExportedKeys(null, null, "every"));
        shapes.put("  " + FOREIGN_KEYS, m -> m.getCrossReference(null, null, "every", null, null, "every"));
        shapes.put(
                "TABLE_CAT TABLE_SCHEM TABLE_NAME NON_UNIQUE:b INDEX_QUALIFIER INDEX_NAME TYPE:s ORDINAL_POSITION:s"
                        + " COLUMN_NAME ASC_OR_DESC CARDINALITY:l PAGES:l FILTER_CONDITION",
                m -> m.getIndexInfo(null, null, "every", false, true));
        shapes.put(
                "TYPE_CAT TYPE_SCHEM TYPE_NAME CLASS_NAME DATA_TYPE:i REMARKS BASE_TYPE:s",
                m -> m.getUDTs(null, null, null, null));
        shapes.put(
                "TYPE_CAT TYPE_SCHEM TYPE_NAME SUPERTYPE_CAT SUPERTYPE_SCHEM SUPERTYPE_NAME",
                m -> m.getSuperTypes(null, null, null));
        shapes.put("TABLE_CAT TABLE_SCHEM TABLE_NAME SUPERTABLE_NAME", m -> m.getSuperTables(null, null, null));
        shapes.put(
                "TYPE_CAT TYPE_SCHEM TYPE_NAME ATTR_NAME DATA_TYPE:i ATTR_TYPE_NAME ATTR_SIZE:i DECIMAL_DIGITS:i"
                        + " NUM_PREC_RADIX:i NULLABLE:i REMARKS ATTR_DEF SQL_DATA_TYPE:i SQL_DATETIME_SUB:i"
                        + " CHAR_OCTET_LENGTH:i ORDINAL_POSITION:i IS_NULLABLE SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE"
                        + " SOURCE_DATA_TYPE:s",
                m -> m.getAttributes(null, null, null, null));
        shapes.put("NAME MAX_LEN:i DEFAULT_VALUE DESCRIPTION", DatabaseMetaData::getClientInfoProperties);
        shapes.put(
                "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE:i COLUMN_SIZE:i DECIMAL_DIGITS:i"
                        + " NUM_PREC_RADIX:i COLUMN_USAGE REMARKS CHAR_OCTET_LENGTH:i IS_NULLABLE",
                m -> m.getPseudoColumns(null, null, null, null));
        return shapes;
    }

    @Test
    void resultsHaveTheColumnsOfTheStandard() throws SQLException {
        Map<Integer, String> letters = Map.of(
                Types.INTEGER, ":i",
                Types.SMALLINT, ":s",
                Types.BIGINT, ":l",
                Types.BOOLEAN, ":b",
                Types.VARCHAR, "");
        for (Map.Entry<String, Question> shape : SHAPES.entrySet()) {
            try (ResultSet rows = shape.getValue().ask(connection.getMetaData())) {
                ResultSetMetaData columns = rows.getMetaData();
                List<String> described = new ArrayList<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    described.add(columns.getColumnLabel(i)
                            + letters.getOrDefault(columns.getColumnType(i), ":" + columns.getColumnTypeName(i)));
                }
                assertThat(String.join(" ", described)).isEqualTo(shape.getKey().strip());
                while (rows.next()) {
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        assertThat(rows.getObject(i) == null
                                        && columns.isNullable(i) == ResultSetMetaData.columnNoNulls)
                                .as(columns.getColumnLabel(i))
                                .isFalse();
                    }
                }
            }
        }
    }

    private List<String> rows(ResultSet rows, String... columns) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (rows) {
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (String column : columns) {
                    values.add(rows.getString(column));
                }
                texts.add(String.join(" ", values.stream().map(String::valueOf).toList()));
            }
        }
        return texts;
    }

    private void runs(String... statements) throws SQLException {
        for (String statement : statements) {
            run(statement);
        }
    }

    @Test
    void tablesAndViewsAreFoundByNamePatternSchemaAndType() throws SQLException {
        runs(
                "CREATE TABLE m_quotes (ts TIMESTAMP, bid DOUBLE)",
                "CREATE TABLE mXquotes (ts TIMESTAMP, bid DOUBLE)",
                "CREATE TABLE \"m%odd\\name\" (x INTEGER)",
                "CREATE VIEW m_view AS SELECT bid FROM m_quotes",
                "CREATE MATERIALIZED VIEW m_bids AS SELECT bid, count(*) AS n FROM m_quotes GROUP BY bid");
        DatabaseMetaData m = connection.getMetaData();
        String[] columns = {"TABLE_CAT", "TABLE_SCHEM", "TABLE_TYPE", "TABLE_NAME"};
        assertThat(rows(m.getTables(null, null, "m%", null), columns))
                .containsExactly(
                        "zepto main MATERIALIZED VIEW m_bids",
                        "zepto main TABLE m%odd\\name",
                        "zepto main TABLE mXquotes",
                        "zepto main TABLE m_quotes",
                        "zepto main VIEW m_view");
        assertThat(rows(m.getTables("zepto", "main", "M_QUOTES", null), columns))
                .containsExactly("zepto main TABLE mXquotes", "zepto main TABLE m_quotes");
        String escape = m.getSearchStringEscape();
        assertThat(rows(m.getTables("ZEPTO", "m__n", "m" + escape + "_quotes", null), columns))
                .containsExactly("zepto main TABLE m_quotes");
        assertThat(rows(m.getTables(null, null, "m" + escape + "%odd" + escape + "\\name", null), columns))
                .containsExactly("zepto main TABLE m%odd\\name");
        assertThat(rows(m.getTables(null, null, "m%e\\", null), columns)).isEmpty();
        assertThat(rows(m.getTables(null, null, "%", new String[] {"VIEW", "MATERIALIZED VIEW"}), columns))
                .containsExactly("zepto main MATERIALIZED VIEW m_bids", "zepto main VIEW m_view");
        assertThat(rows(m.getTables(null, null, "%", new String[] {"SYSTEM TABLE"}), columns))
                .contains("zepto information_schema SYSTEM TABLE tables");
        assertThat(rows(m.getTables(null, null, "%", new String[0]), columns)).isEmpty();
        assertThat(rows(m.getTables("", null, "%", null), columns)).isEmpty();
        assertThat(rows(m.getTables(null, "", "%", null), columns)).isEmpty();
        assertThat(rows(m.getTables(null, null, "", null), columns)).isEmpty();
        assertThat(rows(m.getTables("elsewhere", null, "%", null), columns)).isEmpty();
        assertThat(rows(m.getSchemas(), "TABLE_CATALOG", "TABLE_SCHEM"))
                .containsExactly("zepto information_schema", "zepto main");
        assertThat(rows(m.getSchemas("zepto", "MA_N"), "TABLE_SCHEM")).containsExactly("main");
        assertThat(rows(m.getSchemas("", null), "TABLE_SCHEM")).isEmpty();
        assertThat(rows(m.getTableTypes(), "TABLE_TYPE"))
                .containsExactly("MATERIALIZED VIEW", "SYSTEM TABLE", "TABLE", "VIEW");
        assertThat(rows(m.getColumns(null, null, "m_%", "b%"), "TABLE_NAME", "COLUMN_NAME", "ORDINAL_POSITION"))
                .containsExactly("mXquotes bid 2", "m_bids bid 1", "m_quotes bid 2", "m_view bid 1");
        runs("DROP VIEW m_view", "DROP MATERIALIZED VIEW m_bids");
    }

    @Test
    void columnsAreDescribedAsResultsDescribeThem() throws SQLException {
        DatabaseMetaData m = connection.getMetaData();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM every");
                ResultSet columns = m.getColumns("zepto", "main", "every", null)) {
            ResultSetMetaData described = result.getMetaData();
            for (int i = 1; i <= described.getColumnCount(); i++) {
                assertThat(columns.next()).isTrue();
                assertThat(columns.getString("COLUMN_NAME")).isEqualTo(described.getColumnName(i));
                assertThat(columns.getInt("DATA_TYPE")).isEqualTo(described.getColumnType(i));
                assertThat(columns.getString("TYPE_NAME")).isEqualTo(described.getColumnTypeName(i));
                assertThat(columns.getInt("COLUMN_SIZE")).isEqualTo(described.getPrecision(i));
                assertThat(columns.getInt("DECIMAL_DIGITS")).isEqualTo(described.getScale(i));
                assertThat(columns.getInt("NULLABLE")).isEqualTo(described.isNullable(i));
                assertThat(columns.getInt("ORDINAL_POSITION")).isEqualTo(i);
                assertThat(columns.getString("IS_AUTOINCREMENT")).isEqualTo("NO");
                assertThat(columns.getString("IS_GENERATEDCOLUMN")).isEqualTo("NO");
            }
            assertThat(columns.next()).isFalse();
        }
        run("CREATE TABLE strict (x INTEGER NOT NULL, n DECIMAL(10,2))");
        assertThat(rows(
                        m.getColumns(null, null, "strict", "%"),
                        "COLUMN_NAME",
                        "NULLABLE",
                        "IS_NULLABLE",
                        "COLUMN_SIZE",
                        "DECIMAL_DIGITS",
                        "NUM_PREC_RADIX"))
                .containsExactly("x 0 NO 10 0 10", "n 1 YES 10 2 10");
        assertThat(rows(m.getColumns(null, "information_schema", "schemata", "%"), "COLUMN_NAME", "TYPE_NAME"))
                .containsExactly("catalog_name VARCHAR", "schema_name VARCHAR");
    }

    /** More rows than one frame of metadata or of the protocol has. */
    @Test
    void columnsOfManyTablesComeInOrder() throws SQLException {
        List<String> expected = new ArrayList<>();
        for (int t = 0; t < 110; t++) {
            StringBuilder sql = new StringBuilder("CREATE TABLE many_" + (1000 + t) + " (c0 BIGINT");
            expected.add("many_" + (1000 + t) + " c0 1");
            for (int c = 1; c < 60; c++) {
                sql.append(", c").append(c).append(" INTEGER");
                expected.add("many_" + (1000 + t) + " c" + c + " " + (c + 1));
            }
            run(sql.append(')').toString());
        }
        assertThat(rows(
                        connection.getMetaData().getColumns(null, null, "many%", "%"),
                        "TABLE_NAME",
                        "COLUMN_NAME",
                        "ORDINAL_POSITION"))
                .isEqualTo(expected);
    }

    @Test
    void indexesAreTheDedupKeysTheOrderAndTheAttributes() throws SQLException {
        runs(
                "CREATE TABLE indexed (ts TIMESTAMP NOT NULL, symbol SYMBOL NOT NULL, id BIGINT ATTRIBUTE GROUPED,"
                        + " n INTEGER ATTRIBUTE SORTED) DEDUP UPSERT KEYS (symbol, ts)",
                "INSERT INTO indexed VALUES (TIMESTAMP '2024-01-01 00:00:00', 'A', 1, 1),"
                        + " (TIMESTAMP '2024-01-01 00:00:01', 'A', 2, 2)");
        DatabaseMetaData m = connection.getMetaData();
        String[] columns = {
            "NON_UNIQUE", "TYPE", "INDEX_NAME", "ORDINAL_POSITION", "COLUMN_NAME", "ASC_OR_DESC", "CARDINALITY"
        };
        List<String> unique = List.of(
                "false 0 null 0 null null 2",
                "false 3 indexed_dedup_keys 1 symbol null 0",
                "false 3 indexed_dedup_keys 2 ts null 0");
        assertThat(rows(m.getIndexInfo(null, null, "INDEXED", true, false), columns))
                .isEqualTo(unique);
        List<String> all = new ArrayList<>(unique);
        all.addAll(List.of(
                "true 1 indexed_order 1 symbol A 0",
                "true 1 indexed_order 2 ts A 0",
                "true 2 indexed_id_grouped 1 id null 0",
                "true 3 indexed_n_sorted 1 n A 0"));
        assertThat(rows(m.getIndexInfo("zepto", "main", "indexed", false, false), columns))
                .isEqualTo(all);
        assertThat(rows(m.getIndexInfo(null, null, "ind%", false, false), columns))
                .isEmpty();
        assertThat(rows(m.getIndexInfo(null, "", "indexed", false, false), columns))
                .isEmpty();
        assertThat(rows(
                        m.getBestRowIdentifier(null, null, "indexed", DatabaseMetaData.bestRowTemporary, false),
                        "COLUMN_NAME",
                        "SCOPE",
                        "TYPE_NAME",
                        "PSEUDO_COLUMN"))
                .containsExactly("symbol 2 SYMBOL 1", "ts 2 TIMESTAMP 1");
        assertThat(rows(m.getBestRowIdentifier(null, null, "every", 0, true), "COLUMN_NAME"))
                .isEmpty();
        assertThat(rows(m.getPrimaryKeys(null, null, "indexed"), "COLUMN_NAME")).isEmpty();
    }

    /** Without users everything is everybody's; what users have is told in ServerUsersTest. */
    @Test
    void privilegesAreThoseOfTheTablesThatAreThere() throws SQLException {
        runs(
                "CREATE TABLE p_quotes (ts TIMESTAMP, bid DOUBLE)",
                "CREATE TABLE pXquotes (ts TIMESTAMP)",
                "CREATE TABLE p_tables (z INTEGER, a INTEGER)",
                "CREATE VIEW p_view AS SELECT bid FROM p_quotes",
                "CREATE MATERIALIZED VIEW p_bids AS SELECT bid, count(*) AS n FROM p_quotes GROUP BY bid");
        DatabaseMetaData m = connection.getMetaData();
        String[] all = {"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "GRANTOR", "GRANTEE", "PRIVILEGE", "IS_GRANTABLE"};
        assertThat(rows(m.getTablePrivileges(null, null, "P\\_%"), all))
                .containsExactly(
                        "zepto main p_bids null PUBLIC SELECT NO",
                        "zepto main p_quotes null PUBLIC DELETE NO",
                        "zepto main p_quotes null PUBLIC INSERT NO",
                        "zepto main p_quotes null PUBLIC SELECT NO",
                        "zepto main p_quotes null PUBLIC UPDATE NO",
                        "zepto main p_tables null PUBLIC DELETE NO",
                        "zepto main p_tables null PUBLIC INSERT NO",
                        "zepto main p_tables null PUBLIC SELECT NO",
                        "zepto main p_tables null PUBLIC UPDATE NO",
                        "zepto main p_view null PUBLIC SELECT NO");
        String[] names = {"TABLE_SCHEM", "TABLE_NAME", "PRIVILEGE"};
        assertThat(rows(m.getTablePrivileges("ZEPTO", "main", "p_quotes"), names))
                .hasSize(8)
                .startsWith("main pXquotes DELETE")
                .endsWith("main p_quotes UPDATE");
        assertThat(rows(m.getTablePrivileges(null, "information\\_schema", null), names))
                .containsExactly(
                        "information_schema columns SELECT",
                        "information_schema schemata SELECT",
                        "information_schema tables SELECT",
                        "information_schema views SELECT");
        assertThat(new HashSet<>(rows(m.getTablePrivileges(null, null, "%"), "TABLE_SCHEM", "TABLE_NAME")))
                .isEqualTo(new HashSet<>(rows(m.getTables(null, null, "%", null), "TABLE_SCHEM", "TABLE_NAME")));
        assertThat(rows(m.getTablePrivileges("", null, null), names)).isEmpty();
        assertThat(rows(m.getTablePrivileges(null, "", null), names)).isEmpty();
        assertThat(rows(m.getTablePrivileges(null, null, ""), names)).isEmpty();

        String[] ofColumns = {
            "TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "GRANTOR", "GRANTEE", "PRIVILEGE", "IS_GRANTABLE"
        };
        assertThat(rows(m.getColumnPrivileges("zepto", "main", "P_TABLES", null), ofColumns))
                .containsExactly(
                        "zepto main p_tables a null PUBLIC INSERT NO",
                        "zepto main p_tables a null PUBLIC SELECT NO",
                        "zepto main p_tables a null PUBLIC UPDATE NO",
                        "zepto main p_tables z null PUBLIC INSERT NO",
                        "zepto main p_tables z null PUBLIC SELECT NO",
                        "zepto main p_tables z null PUBLIC UPDATE NO");
        String[] columns = {"TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "PRIVILEGE"};
        assertThat(rows(m.getColumnPrivileges(null, null, "p_bids", "_"), columns))
                .containsExactly("main p_bids n SELECT");
        assertThat(rows(m.getColumnPrivileges(null, null, "schemata", "schema\\_%"), columns))
                .containsExactly("information_schema schemata schema_name SELECT");
        assertThat(rows(m.getColumnPrivileges(null, null, "p%", null), columns)).isEmpty();
        assertThat(rows(m.getColumnPrivileges(null, "m%", "p_bids", null), columns))
                .isEmpty();
        assertThat(rows(m.getColumnPrivileges("other", null, "p_bids", null), columns))
                .isEmpty();
        runs("CREATE TABLE tables (own INTEGER)");
        assertThat(rows(m.getColumnPrivileges(null, null, "tables", "%"), columns))
                .contains("information_schema tables table_name SELECT", "main tables own UPDATE")
                .doesNotContain("main tables table_name SELECT", "information_schema tables table_name UPDATE");
        runs("DROP TABLE tables", "DROP VIEW p_view", "DROP MATERIALIZED VIEW p_bids");
    }

    @Test
    void everyTypeOfTheListMakesAColumnOfThatType() throws SQLException {
        DatabaseMetaData m = connection.getMetaData();
        List<String> names = rows(m.getTypeInfo(), "TYPE_NAME");
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "BOOLEAN",
                        "TINYINT",
                        "SMALLINT",
                        "INTEGER",
                        "BIGINT",
                        "REAL",
                        "DOUBLE",
                        "DECIMAL",
                        "VARCHAR",
                        "SYMBOL",
                        "VARBINARY",
                        "DATE",
                        "TIME",
                        "TIMESTAMP");
        int last = Integer.MIN_VALUE;
        int made = 0;
        try (ResultSet types = m.getTypeInfo()) {
            while (types.next()) {
                String name = types.getString("TYPE_NAME");
                assertThat(types.getInt("DATA_TYPE")).isGreaterThanOrEqualTo(last);
                last = types.getInt("DATA_TYPE");
                String parameters = types.getString("CREATE_PARAMS");
                String type = name;
                if (parameters != null) {
                    type += parameters.equals("precision")
                            ? "(" + types.getShort("MAXIMUM_SCALE") + ")"
                            : "(" + types.getInt("PRECISION") + "," + types.getShort("MAXIMUM_SCALE") + ")";
                }
                String table = "of_type_" + made++;
                run("CREATE TABLE " + table + " (x " + type + ", y " + name + ")");
                assertThat(rows(m.getColumns(null, null, table.replace("_", "\\_"), "x"), "TYPE_NAME", "DATA_TYPE"))
                        .containsExactly(name + " " + last);
                String prefix = types.getString("LITERAL_PREFIX");
                if (prefix != null && !name.equals("VARBINARY")) {
                    String literal = Map.of(
                                    "DATE", "2024-02-29", "TIME", "10:00:00", "TIMESTAMP", "2024-02-29 10:00:00")
                            .getOrDefault(name, "a");
                    run("INSERT INTO " + table + " (x) VALUES (" + prefix + literal + types.getString("LITERAL_SUFFIX")
                            + ")");
                } else if (prefix != null) {
                    run("INSERT INTO " + table + " (x) VALUES (" + prefix + "00ff'" + ")");
                }
            }
        }
    }

    /** Every function that a list names is called through its example, by name and as an escape. */
    @Test
    void everyFunctionOfTheListsCanBeCalled() throws SQLException {
        DatabaseMetaData m = connection.getMetaData();
        Set<String> listed = new HashSet<>();
        for (String list : List.of(
                m.getNumericFunctions(), m.getStringFunctions(), m.getSystemFunctions(), m.getTimeDateFunctions())) {
            for (String name : list.split(",")) {
                assertThat(listed.add(name)).as(name + " is listed twice").isTrue();
            }
        }
        assertThat(listed)
                .contains(
                        "ABS",
                        "ACOS",
                        "CEILING",
                        "MOD",
                        "POWER",
                        "ROUND",
                        "TRUNCATE",
                        "RAND",
                        "CONCAT",
                        "LCASE",
                        "LEFT",
                        "LENGTH",
                        "LOCATE",
                        "LTRIM",
                        "REPLACE",
                        "SUBSTRING",
                        "UCASE",
                        "CURDATE",
                        "CURTIME",
                        "NOW",
                        "DAYNAME",
                        "DAYOFMONTH",
                        "HOUR",
                        "QUARTER",
                        "TIMESTAMPADD",
                        "TIMESTAMPDIFF",
                        "WEEK",
                        "COALESCE",
                        "CHAR",
                        "DATABASE",
                        "EXTRACT",
                        "IFNULL",
                        "INSERT",
                        "POSITION",
                        "SPACE",
                        "TRIM",
                        "USER");
        Map<String, String> calls = new TreeMap<>(CALLS);
        try (Statement statement = connection.createStatement();
                ResultSet functions = statement.executeQuery(
                        "SELECT function_name, aliases, example FROM zepto_functions() WHERE kind = 'scalar'")) {
            while (functions.next()) {
                List<String> names = new ArrayList<>(List.of(functions.getString(1)));
                names.addAll(List.of(functions.getString(2).split(", ")));
                String arguments = arguments(names, functions.getString(3));
                names.forEach(name ->
                        calls.putIfAbsent(name.toUpperCase(Locale.ROOT), name.toUpperCase(Locale.ROOT) + arguments));
            }
        }
        List<String> failed = new ArrayList<>();
        for (String name : listed) {
            String call = calls.get(name);
            List<String> queries = new ArrayList<>(List.of("SELECT {fn " + call + "}"));
            if (!ONLY_ESCAPED.contains(name)) {
                queries.add("SELECT " + call);
            }
            for (String sql : queries) {
                String failure = failure(sql);
                if (failure != null) {
                    failed.add(name + ": " + sql + " -> " + failure);
                }
            }
        }
        assertThat(failed).isEmpty();
    }

    private String failure(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            rows.getString(1);
            return null;
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Names that JDBC gives to what has another one in SQL. */
    private static final Set<String> ONLY_ESCAPED = Set.of("CHAR", "DATABASE", "IFNULL", "INSERT", "SPACE", "USER");

    /** Calls of what the registry has no example for, or one of another form. */
    private static final Map<String, String> CALLS = Map.ofEntries(
            Map.entry("COALESCE", "COALESCE(NULL, 1)"),
            Map.entry("NULLIF", "NULLIF(1, 1)"),
            Map.entry("DATE_PART", "DATE_PART('hour', TIMESTAMP '2024-08-09 13:05:04')"),
            Map.entry("DATEPART", "DATEPART('hour', TIMESTAMP '2024-08-09 13:05:04')"),
            Map.entry("TIMESTAMPADD", "TIMESTAMPADD(MONTH, 1, TIMESTAMP '2024-08-09 13:05:04')"),
            Map.entry("CHAR", "CHAR(65)"),
            Map.entry("DATABASE", "DATABASE()"),
            Map.entry("IFNULL", "IFNULL(NULL, 2)"),
            Map.entry("INSERT", "INSERT('abc', 2, 1, 'x')"),
            Map.entry("SPACE", "SPACE(2)"),
            Map.entry("USER", "USER()"),
            Map.entry("CURDATE", "CURDATE()"),
            Map.entry("CURTIME", "CURTIME()"),
            Map.entry("CURRENT_DATE", "CURRENT_DATE()"),
            Map.entry("CURRENT_TIME", "CURRENT_TIME()"),
            Map.entry("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP()"),
            Map.entry("LOCALTIME", "LOCALTIME()"),
            Map.entry("LOCALTIMESTAMP", "LOCALTIMESTAMP()"));

    /** What stands in parentheses behind one of the names in the example of a function; nothing for one that is called without. */
    private static String arguments(List<String> names, String example) {
        for (String name : names) {
            int start = example.toLowerCase(Locale.ROOT).indexOf(name + "(");
            if (name.isEmpty() || start < 0) {
                continue;
            }
            int depth = 0;
            for (int i = start + name.length(); i < example.length(); i++) {
                depth += example.charAt(i) == '(' ? 1 : example.charAt(i) == ')' ? -1 : 0;
                if (depth == 0) {
                    return example.substring(start + name.length(), i + 1);
                }
            }
        }
        return "";
    }

    @Test
    void keywordsAreTheWordsThatANameMustQuote() throws SQLException {
        List<String> listed =
                Arrays.asList(connection.getMetaData().getSQLKeywords().split(","));
        assertThat(listed).contains("ASOF", "LIMIT", "QUALIFY").doesNotContain("SELECT", "SYMBOL", "TTL");
        for (String word : listed) {
            assertThat(failure("SELECT 1 AS " + word)).as(word).isNotNull();
            assertThat(failure("SELECT 1 AS \"" + word + "\"")).as(word).isNull();
        }
        try (Statement statement = connection.createStatement();
                ResultSet words = statement.executeQuery("SELECT keyword FROM zepto_keywords() WHERE NOT reserved")) {
            while (words.next()) {
                assertThat(listed).doesNotContain(words.getString(1));
                assertThat(failure("SELECT 1 AS " + words.getString(1)))
                        .as(words.getString(1))
                        .isNull();
            }
        }
    }

    @Test
    void limitsAreTrue() throws SQLException {
        DatabaseMetaData m = connection.getMetaData();
        int longest = m.getMaxColumnNameLength();
        assertThat(m.getMaxTableNameLength()).isEqualTo(longest);
        assertThat(longest).isPositive();
        String name = "n".repeat(longest);
        run("CREATE TABLE " + name + " (" + name + " INTEGER)");
        assertThat(rows(m.getColumns(null, null, name, null), "COLUMN_NAME")).containsExactly(name);
        assertThat(failure("SELECT 1 AS " + name + "n")).contains("128");
        assertThat(m.getMaxColumnsInTable()).isZero();
        assertThat(m.getMaxStatementLength()).isEqualTo(16_777_216);
        run("SET max_statement_length = 500");
        int most = m.getMaxStatementLength();
        assertThat(most).isEqualTo(500);
        String select = "SELECT 1";
        assertThat(failure(select + " ".repeat(most - select.length()))).isNull();
        assertThat(failure(select + " ".repeat(most - select.length() + 1))).contains("max_statement_length");
        assertThat(m.getMaxConnections()).isZero();
        assertThat(m.getExtraNameCharacters()).isEqualTo("$");
        run("CREATE TABLE with$sign (a$b INTEGER)");
        assertThat(m.getIdentifierQuoteString()).isEqualTo("\"");
    }
}
