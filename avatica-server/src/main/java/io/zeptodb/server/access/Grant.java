package io.zeptodb.server.access;

import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.TableRight;
import io.zeptodb.engine.api.UserRole;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Grants as they are written: {@code read:trades}, {@code write:quotes}, {@code read:*}. */
record Grant(TableRight right, String table) {
    /** @throws IllegalArgumentException telling what is expected */
    static Grant parse(String text) {
        int colon = text.indexOf(':');
        String right = colon < 0 ? "" : text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String table = text.substring(colon + 1).strip();
        if (table.isEmpty() || !(right.equals("read") || right.equals("write"))) {
            throw new IllegalArgumentException(
                    "a grant is read:TABLE or write:TABLE, with * for all tables; got '" + text + "'");
        }
        return new Grant(right.equals("read") ? TableRight.READ : TableRight.WRITE, table);
    }

    /** The name as it is compared. */
    String folded() {
        return table.toLowerCase(Locale.ROOT);
    }

    /** Rights of a role; without grants for all tables. */
    static AccessRights rights(UserRole role, Collection<Grant> grants) {
        if (grants.isEmpty()) {
            return AccessRights.ofRole(role);
        }
        Map<String, TableRight> tables = new LinkedHashMap<>();
        for (Grant grant : grants) {
            tables.merge(grant.table, grant.right, (one, other) -> one == TableRight.WRITE ? one : other);
        }
        return AccessRights.of(role, tables);
    }

    /** What rights are written as. */
    static List<String> texts(AccessRights rights) {
        return new TreeMap<>(rights.tables())
                .entrySet().stream()
                        .map(each -> each.getValue() + ":" + each.getKey())
                        .toList();
    }
}
