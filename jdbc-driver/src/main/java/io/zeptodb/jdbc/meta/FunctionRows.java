package io.zeptodb.jdbc.meta;

import io.zeptodb.jdbc.value.JdbcTypes;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code DatabaseMetaData.getFunctions}: what {@code zepto_functions()} says, a row for each name of a function. Asked in SQL,
 * because Avatica's protocol has no question for them, so that a server answers as the process does.
 */
public final class FunctionRows {
    private static final String QUESTION =
            "SELECT function_name, aliases, signature, documentation FROM zepto_functions()";

    private FunctionRows() {}

    /** Rows in the shape of {@link MetadataShape#FUNCTIONS}, in the order of their names. */
    public static List<Object> of(
            Connection connection,
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String namePattern)
            throws SQLException {
        List<Object> rows = new ArrayList<>();
        if (!LikePattern.isNamed(catalog, JdbcTypes.CATALOG)
                || !new LikePattern(schemaPattern).matches(JdbcTypes.SCHEMA)) {
            return rows;
        }
        LikePattern pattern = new LikePattern(namePattern);
        List<String[]> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet functions = statement.executeQuery(QUESTION)) {
            while (functions.next()) {
                String name = functions.getString(1);
                String remarks = functions.getString(3) + ": " + functions.getString(4);
                found.add(new String[] {name, remarks, name});
                for (String alias : functions.getString(2).split(", ")) {
                    if (!alias.isEmpty()) {
                        found.add(new String[] {alias, remarks, name});
                    }
                }
            }
        }
        found.sort(Comparator.comparing((String[] row) -> row[0].toLowerCase(Locale.ROOT)));
        for (String[] row : found) {
            if (pattern.matches(row[0])) {
                rows.add(Arrays.asList(
                        JdbcTypes.CATALOG,
                        JdbcTypes.SCHEMA,
                        row[0],
                        row[1],
                        (short) DatabaseMetaData.functionNoTable,
                        row[2]));
            }
        }
        return rows;
    }
}
