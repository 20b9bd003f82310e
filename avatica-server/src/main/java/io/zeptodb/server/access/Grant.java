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

    /** Rights of a user who gets another role, of readers and writers: never tables that the user did not have. */
    static AccessRights kept(AccessRights before, UserRole role) {
        if (before.equals(AccessRights.ofRole(before.role()))) {
            return AccessRights.ofRole(role);
        }
        Map<String, TableRight> tables = new LinkedHashMap<>(before.tables());
        if (role == UserRole.READER) {
            tables.replaceAll((table, right) -> TableRight.READ);
        }
        return AccessRights.of(role, tables);
    }

    /** What rights are written as. */
    static List<String> texts(AccessRights rights) {
        return texts(rights.tables());
    }

    /** What grants are written as, by their tables. */
    static List<String> texts(Map<String, TableRight> tables) {
        return new TreeMap<>(tables)
                .entrySet().stream()
                        .map(each -> each.getValue() + ":" + each.getKey())
                        .toList();
    }
}
