package io.zeptodb.engine;

import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.sql.schema.CatalogReader;
import io.zeptodb.engine.sql.schema.SystemTables;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of zepto_privileges(), made for one statement: what a session may do with the tables and views that it sees, in the words that standard SQL
 * has for it. Nobody grants in SQL, so that there is no grantor and nothing can be granted on.
 */
final class SystemPrivileges {
    /** The standard's word for everybody. */
    private static final String EVERYBODY = "PUBLIC";

    private static final List<String> READ = List.of("SELECT");
    private static final List<String> WRITE = List.of("DELETE", "INSERT", "SELECT", "UPDATE");

    private final String grantee;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    private SystemPrivileges(String grantee) {
        this.grantee = grantee;
    }

    /** @param seen the part of the catalog that the session may read */
    static List<@Nullable Object[]> of(Catalog seen, SessionAccess access) {
        SystemPrivileges privileges = new SystemPrivileges(access.policy() == null ? EVERYBODY : access.user());
        for (String name : new TreeSet<>(SystemTables.informationSchema(seen).keySet())) {
            privileges.add(CatalogReader.INFORMATION_SCHEMA, name, READ);
        }
        for (TableMetadata table : seen.tables()) {
            privileges.add(CatalogReader.MAIN, table.name(), access.mayWrite(table.name()) ? WRITE : READ);
        }
        for (ViewMetadata view : seen.views()) {
            privileges.add(CatalogReader.MAIN, view.name(), READ); // rows come to a view from what it reads alone
        }
        return privileges.rows;
    }

    private void add(String schema, String relation, List<String> held) {
        for (String privilege : held) {
            rows.add(new @Nullable Object[] {schema, relation, null, grantee, privilege, "NO"});
        }
    }
}
