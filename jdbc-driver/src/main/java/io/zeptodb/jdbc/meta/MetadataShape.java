package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ResultColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The results of {@code DatabaseMetaData}: their columns, exactly as java.sql.DatabaseMetaData lists them. */
public enum MetadataShape {
    CATALOGS("TABLE_CAT!"),
    SCHEMAS("TABLE_SCHEM!", "TABLE_CATALOG"),
    TABLE_TYPES("TABLE_TYPE!"),
    TABLES(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME!",
            "TABLE_TYPE!",
            "REMARKS",
            "TYPE_CAT",
            "TYPE_SCHEM",
            "TYPE_NAME",
            "SELF_REFERENCING_COL_NAME",
            "REF_GENERATION"),
    COLUMNS(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME!",
            "COLUMN_NAME!",
            "DATA_TYPE:int!",
            "TYPE_NAME!",
            "COLUMN_SIZE:int",
            "BUFFER_LENGTH:int",
            "DECIMAL_DIGITS:int",
            "NUM_PREC_RADIX:int",
            "NULLABLE:int!",
            "REMARKS",
            "COLUMN_DEF",
            "SQL_DATA_TYPE:int",
            "SQL_DATETIME_SUB:int",
            "CHAR_OCTET_LENGTH:int",
            "ORDINAL_POSITION:int!",
            "IS_NULLABLE!",
            "SCOPE_CATALOG",
            "SCOPE_SCHEMA",
            "SCOPE_TABLE",
            "SOURCE_DATA_TYPE:short",
            "IS_AUTOINCREMENT!",
            "IS_GENERATEDCOLUMN!"),
    TYPE_INFO(
            "TYPE_NAME!",
            "DATA_TYPE:int!",
            "PRECISION:int",
            "LITERAL_PREFIX",
            "LITERAL_SUFFIX",
            "CREATE_PARAMS",
            "NULLABLE:short!",
            "CASE_SENSITIVE:boolean!",
            "SEARCHABLE:short!",
            "UNSIGNED_ATTRIBUTE:boolean!",
            "FIXED_PREC_SCALE:boolean!",
            "AUTO_INCREMENT:boolean!",
            "LOCAL_TYPE_NAME",
            "MINIMUM_SCALE:short",
            "MAXIMUM_SCALE:short",
            "SQL_DATA_TYPE:int",
            "SQL_DATETIME_SUB:int",
            "NUM_PREC_RADIX:int"),
    PROCEDURES(
            "PROCEDURE_CAT",
            "PROCEDURE_SCHEM",
            "PROCEDURE_NAME!",
            "RESERVED1",
            "RESERVED2",
            "RESERVED3",
            "REMARKS",
            "PROCEDURE_TYPE:short!",
            "SPECIFIC_NAME!"),
    PROCEDURE_COLUMNS(
            "PROCEDURE_CAT",
            "PROCEDURE_SCHEM",
            "PROCEDURE_NAME!",
            "COLUMN_NAME!",
            "COLUMN_TYPE:short!",
            "DATA_TYPE:int!",
            "TYPE_NAME!",
            "PRECISION:int",
            "LENGTH:int",
            "SCALE:short",
            "RADIX:short",
            "NULLABLE:short!",
            "REMARKS",
            "COLUMN_DEF",
            "SQL_DATA_TYPE:int",
            "SQL_DATETIME_SUB:int",
            "CHAR_OCTET_LENGTH:int",
            "ORDINAL_POSITION:int!",
            "IS_NULLABLE!",
            "SPECIFIC_NAME!"),
    FUNCTIONS("FUNCTION_CAT", "FUNCTION_SCHEM", "FUNCTION_NAME!", "REMARKS", "FUNCTION_TYPE:short!", "SPECIFIC_NAME!"),
    FUNCTION_COLUMNS(
            "FUNCTION_CAT",
            "FUNCTION_SCHEM",
            "FUNCTION_NAME!",
            "COLUMN_NAME!",
            "COLUMN_TYPE:short!",
            "DATA_TYPE:int!",
            "TYPE_NAME!",
            "PRECISION:int",
            "LENGTH:int",
            "SCALE:short",
            "RADIX:short",
            "NULLABLE:short!",
            "REMARKS",
            "CHAR_OCTET_LENGTH:int",
            "ORDINAL_POSITION:int!",
            "IS_NULLABLE!",
            "SPECIFIC_NAME!"),
    COLUMN_PRIVILEGES(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME!",
            "COLUMN_NAME!",
            "GRANTOR",
            "GRANTEE!",
            "PRIVILEGE!",
            "IS_GRANTABLE"),
    TABLE_PRIVILEGES("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME!", "GRANTOR", "GRANTEE!", "PRIVILEGE!", "IS_GRANTABLE"),
    BEST_ROW_IDENTIFIER(
            "SCOPE:short!",
            "COLUMN_NAME!",
            "DATA_TYPE:int!",
            "TYPE_NAME!",
            "COLUMN_SIZE:int",
            "BUFFER_LENGTH:int",
            "DECIMAL_DIGITS:short",
            "PSEUDO_COLUMN:short!"),
    VERSION_COLUMNS(
            "SCOPE:short",
            "COLUMN_NAME!",
            "DATA_TYPE:int!",
            "TYPE_NAME!",
            "COLUMN_SIZE:int",
            "BUFFER_LENGTH:int",
            "DECIMAL_DIGITS:short",
            "PSEUDO_COLUMN:short!"),
    PRIMARY_KEYS("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME!", "COLUMN_NAME!", "KEY_SEQ:short!", "PK_NAME"),
    IMPORTED_KEYS(foreignKeyColumns()),
    EXPORTED_KEYS(foreignKeyColumns()),
    CROSS_REFERENCE(foreignKeyColumns()),
    INDEX_INFO(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME!",
            "NON_UNIQUE:boolean!",
            "INDEX_QUALIFIER",
            "INDEX_NAME",
            "TYPE:short!",
            "ORDINAL_POSITION:short!",
            "COLUMN_NAME",
            "ASC_OR_DESC",
            "CARDINALITY:long",
            "PAGES:long",
            "FILTER_CONDITION"),
    UDTS("TYPE_CAT", "TYPE_SCHEM", "TYPE_NAME!", "CLASS_NAME!", "DATA_TYPE:int!", "REMARKS", "BASE_TYPE:short"),
    SUPER_TYPES("TYPE_CAT", "TYPE_SCHEM", "TYPE_NAME!", "SUPERTYPE_CAT", "SUPERTYPE_SCHEM", "SUPERTYPE_NAME!"),
    SUPER_TABLES("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME!", "SUPERTABLE_NAME!"),
    ATTRIBUTES(
            "TYPE_CAT",
            "TYPE_SCHEM",
            "TYPE_NAME!",
            "ATTR_NAME!",
            "DATA_TYPE:int!",
            "ATTR_TYPE_NAME!",
            "ATTR_SIZE:int",
            "DECIMAL_DIGITS:int",
            "NUM_PREC_RADIX:int",
            "NULLABLE:int!",
            "REMARKS",
            "ATTR_DEF",
            "SQL_DATA_TYPE:int",
            "SQL_DATETIME_SUB:int",
            "CHAR_OCTET_LENGTH:int",
            "ORDINAL_POSITION:int!",
            "IS_NULLABLE!",
            "SCOPE_CATALOG",
            "SCOPE_SCHEMA",
            "SCOPE_TABLE",
            "SOURCE_DATA_TYPE:short"),
    CLIENT_INFO_PROPERTIES("NAME!", "MAX_LEN:int!", "DEFAULT_VALUE", "DESCRIPTION"),
    PSEUDO_COLUMNS(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME!",
            "COLUMN_NAME!",
            "DATA_TYPE:int!",
            "COLUMN_SIZE:int",
            "DECIMAL_DIGITS:int",
            "NUM_PREC_RADIX:int",
            "COLUMN_USAGE!",
            "REMARKS",
            "CHAR_OCTET_LENGTH:int",
            "IS_NULLABLE!"),
    /** What Statement.getGeneratedKeys gives, always without rows. */
    GENERATED_KEYS("GENERATED_KEY:long!");

    private static final Map<String, ColumnType> TYPES = Map.of(
            "int", ColumnType.INTEGER,
            "short", ColumnType.SMALLINT,
            "long", ColumnType.BIGINT,
            "boolean", ColumnType.BOOLEAN,
            "", ColumnType.VARCHAR);

    private final String[] specification;

    /** {@code NAME[:type][!]}: text unless a type is named, nullable unless it ends in an exclamation mark. */
    MetadataShape(String... specification) {
        this.specification = specification;
    }

    private static String[] foreignKeyColumns() {
        return new String[] {
            "PKTABLE_CAT", "PKTABLE_SCHEM", "PKTABLE_NAME!", "PKCOLUMN_NAME!", "FKTABLE_CAT", "FKTABLE_SCHEM",
            "FKTABLE_NAME!", "FKCOLUMN_NAME!", "KEY_SEQ:short!", "UPDATE_RULE:short!", "DELETE_RULE:short!", "FK_NAME",
            "PK_NAME", "DEFERRABILITY:short!"
        };
    }

    public List<ResultColumn> columns() {
        List<ResultColumn> columns = new ArrayList<>(specification.length);
        for (String text : specification) {
            boolean nullable = !text.endsWith("!");
            String[] parts = (nullable ? text : text.substring(0, text.length() - 1)).split(":", -1);
            ColumnType type = TYPES.getOrDefault(parts.length > 1 ? parts[1] : "", ColumnType.VARCHAR);
            columns.add(new ResultColumn(parts[0], type, nullable, null, null));
        }
        return columns;
    }
}
