package io.zeptodb.engine.api;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A role, and the tables and views that it is for. Names are compared without regard to case, as everywhere; a right is of whatever has the name, also
 * of a table that is dropped and made again. Reading a view wants the right to read it and everything that it reads. Immutable.
 */
public final class AccessRights {
    /** Stands for every table and view, those of the future too. */
    public static final String ALL_TABLES = "*";

    private static final AccessRights ADMIN = new AccessRights(UserRole.ADMIN, Map.of(ALL_TABLES, TableRight.WRITE));

    private final UserRole role;
    private final Map<String, TableRight> tables;
    private final @Nullable Set<String> readable;

    private AccessRights(UserRole role, Map<String, TableRight> tables) {
        this.role = role;
        this.tables = tables;
        this.readable = tables.containsKey(ALL_TABLES) ? null : Set.copyOf(tables.keySet());
    }

    /** A role for all tables. */
    public static AccessRights ofRole(UserRole role) {
        return role == UserRole.ADMIN
                ? ADMIN
                : new AccessRights(
                        role, Map.of(ALL_TABLES, role == UserRole.WRITER ? TableRight.WRITE : TableRight.READ));
    }

    /**
     * A role for some tables, none of them when the map is empty.
     *
     * @param tables rights by name; {@link #ALL_TABLES} for every table
     * @throws EngineException INVALID_ARGUMENT for a right to write of a role that only reads, and for an admin, who has all tables
     */
    public static AccessRights of(UserRole role, Map<String, TableRight> tables) {
        if (role == UserRole.ADMIN) {
            throw invalid("the role admin has every right: it takes no grants");
        }
        Map<String, TableRight> folded = new TreeMap<>();
        tables.forEach((name, right) -> {
            if (role == UserRole.READER && right == TableRight.WRITE) {
                throw invalid("the role reader cannot have the grant write:" + name + ": make it a writer");
            }
            folded.merge(fold(name), right, (one, other) -> one == TableRight.WRITE ? one : other);
        });
        return new AccessRights(role, Collections.unmodifiableMap(folded));
    }

    private static EngineException invalid(String message) {
        return new EngineException(ErrorCode.INVALID_ARGUMENT, message);
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    public UserRole role() {
        return role;
    }

    /** Rights by name in lower case, {@link #ALL_TABLES} among them; of an admin that alone. */
    public Map<String, TableRight> tables() {
        return tables;
    }

    public boolean isAdmin() {
        return role == UserRole.ADMIN;
    }

    /** The names in lower case of what may be read, if that is not all; the same set with each call. */
    public @Nullable Set<String> readable() {
        return readable;
    }

    /** Whether this name may be read; of a view, what it reads is to be asked too. */
    public boolean mayRead(String name) {
        return readable == null || readable.contains(fold(name));
    }

    public boolean mayWrite(String name) {
        return tables.get(ALL_TABLES) == TableRight.WRITE || tables.get(fold(name)) == TableRight.WRITE;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof AccessRights rights && rights.role == role && rights.tables.equals(tables));
    }

    @Override
    public int hashCode() {
        return tables.hashCode() + role.hashCode();
    }

    /** For messages: {@code reader}, {@code reader on quotes only}, {@code writer on read:quotes, write:trades only}. */
    @Override
    public String toString() {
        TableRight usual = role == UserRole.READER ? TableRight.READ : TableRight.WRITE;
        if (tables.isEmpty()) {
            return role + " on no table";
        } else if (tables.get(ALL_TABLES) == usual) {
            return role.toString();
        }
        boolean plain = tables.values().stream().allMatch(right -> right == usual);
        return role + " on "
                + tables.entrySet().stream()
                        .map(grant -> plain ? grant.getKey() : grant.getValue() + ":" + grant.getKey())
                        .collect(Collectors.joining(", "))
                + " only";
    }
}
