package io.zeptodb.server.access;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.UserRole;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The file of a server's users, JSON:
 *
 * <pre>{@code
 * {"version": 1,
 *  "users": [{"name": "ann", "role": "reader", "grants": ["read:quotes"],
 *             "password": "pbkdf2-sha256$600000$SALT$HASH",
 *             "tokens": [{"hash": "SHA-256 in base64", "created": "2026-01-31T12:00:00Z", "expires": "2026-12-31T00:00:00Z"}],
 *             "limits": {"connections": 20, "user_memory_limit": "1GB", "query_memory_limit": "256MB", "statement_timeout": "30s"}}]}
 * }</pre>
 *
 * Without {@code grants} the role is for all tables, with an empty list for none. What is not known is refused: a file that is read in part would give other
 * rights than it says. Nobody but its owner may read it.
 */
final class UsersFile {
    private static final int VERSION = 1;
    private static final long MOST_BYTES = 64L << 20;
    private static final String OWNER_ONLY = "rw-------";
    private static final Set<String> OF_USER = Set.of("name", "role", "grants", "password", "tokens", "limits");
    private static final Set<String> OF_TOKEN = Set.of("hash", "created", "expires");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path file;

    UsersFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /**
     * The users by name, in the order of the file.
     *
     * @throws IOException naming the file and what is wrong where
     */
    Map<String, User> read() throws IOException {
        byte[] bytes;
        try {
            if (Files.isDirectory(file)) {
                throw wrong("it is a folder");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw wrong("it is larger than " + MOST_BYTES + " bytes");
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "there is no file of users '" + file + "': make one with zepto user add NAME --users FILE", e);
        }
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "the file of users '" + file + "' cannot be read: line "
                            + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": it is no JSON",
                    e);
        }
        checkVersion(root);
        requireKnown(root, Set.of("version", "users"), "");
        Map<String, User> users = new LinkedHashMap<>();
        Map<String, String> owners = new LinkedHashMap<>();
        JsonNode entries = root.path("users");
        if (!entries.isArray()) {
            throw wrong("'users' is no list");
        }
        for (int i = 0; i < entries.size(); i++) {
            User user = user(entries.get(i), i);
            if (users.put(user.name(), user) != null) {
                throw wrong("users[" + i + "]: there are two users '" + user.name() + "'");
            }
            for (User.Token token : user.tokens()) {
                if (owners.put(token.hash(), user.name()) != null) {
                    throw wrong("users[" + i + "] '" + user.name() + "': a token is there twice");
                }
            }
        }
        return users;
    }

    private void checkVersion(JsonNode root) throws IOException {
        JsonNode version = root.path("version");
        if (!version.isInt()) {
            throw wrong("it says no 'version'");
        } else if (version.intValue() != VERSION) {
            throw wrong("it is of version " + version.intValue() + ", this program knows version " + VERSION);
        }
    }

    private void requireKnown(JsonNode node, Set<String> known, String where) throws IOException {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw wrong(where + "there is no '" + name + "': known are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private User user(JsonNode node, int index) throws IOException {
        String where = "users[" + index + "]: ";
        if (!node.isObject()) {
            throw wrong(where + "it is no object");
        }
        String name = text(node, "name", where);
        String wrongName = name == null ? "it has no 'name'" : User.wrongName(name);
        if (name == null || wrongName != null) {
            throw wrong(where + wrongName);
        }
        where = "users[" + index + "] '" + name + "': ";
        requireKnown(node, OF_USER, where);
        String password = text(node, "password", where);
        if (password != null && !PasswordHash.isHash(password)) {
            throw wrong(where + "'password' is no hash: expected pbkdf2-sha256$ROUNDS$SALT$HASH (zepto user password)");
        }
        return new User(name, rights(node, where), password, tokens(node, where), limits(node, where));
    }

    private AccessRights rights(JsonNode node, String where) throws IOException {
        String text = text(node, "role", where);
        UserRole role = UserRole.find(String.valueOf(text))
                .orElseThrow(() -> wrong(where + "'role' is one of admin, writer, reader, got " + text));
        JsonNode grants = node.get("grants");
        if (grants == null) {
            return AccessRights.ofRole(role);
        } else if (!grants.isArray()) {
            throw wrong(where + "'grants' is no list");
        }
        List<Grant> parsed = new ArrayList<>();
        try {
            for (JsonNode grant : grants) {
                if (!grant.isTextual()) {
                    throw wrong(where + "a grant is a text, got " + kind(grant));
                }
                parsed.add(Grant.parse(grant.textValue()));
            }
            return parsed.isEmpty() ? AccessRights.of(role, Map.of()) : Grant.rights(role, parsed);
        } catch (IllegalArgumentException | EngineException e) {
            throw new IOException(wrong(where + e.getMessage()).getMessage(), e);
        }
    }

    private List<User.Token> tokens(JsonNode node, String where) throws IOException {
        List<User.Token> tokens = new ArrayList<>();
        JsonNode list = node.get("tokens");
        if (list == null) {
            return tokens;
        } else if (!list.isArray()) {
            throw wrong(where + "'tokens' is no list, but " + kind(list));
        }
        for (JsonNode token : list) {
            if (!token.isObject()) {
                throw wrong(where + "a token is an object, got " + kind(token));
            }
            requireKnown(token, OF_TOKEN, where + "tokens: ");
            String hash = text(token, "hash", where);
            String created = text(token, "created", where);
            String expires = text(token, "expires", where);
            if (hash == null || created == null) {
                throw wrong(where + "a token has no 'hash', or no 'created'");
            }
            try {
                tokens.add(
                        new User.Token(hash, Instant.parse(created), expires == null ? null : Instant.parse(expires)));
            } catch (DateTimeParseException e) {
                throw new IOException(
                        wrong(where + "the time of a token is not of the form 2026-12-31T00:00:00Z")
                                .getMessage(),
                        e);
            }
        }
        return tokens;
    }

    private UserLimits limits(JsonNode node, String where) throws IOException {
        JsonNode limits = node.get("limits");
        if (limits == null) {
            return UserLimits.NONE;
        } else if (!limits.isObject()) {
            throw wrong(where + "'limits' is no object, but " + kind(limits));
        }
        Map<String, String> options = new TreeMap<>();
        int connections = 0;
        int statements = 0;
        for (Iterator<String> names = limits.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            JsonNode value = limits.get(name);
            if (name.equals("connections") || name.equals("statements")) {
                if (!value.isInt() || value.intValue() < 1) {
                    throw wrong(where + "limit '" + name + "' is a number from 1 on, got " + value);
                }
                connections = name.equals("connections") ? value.intValue() : connections;
                statements = name.equals("statements") ? value.intValue() : statements;
            } else if (UserLimits.OPTIONS.contains(name)) {
                if (!value.isTextual() && !value.isNumber()) {
                    throw wrong(where + "limit '" + name + "' is a text or a number, got " + kind(value));
                }
                options.put(name, value.asText());
            } else {
                throw wrong(where + UserLimits.unknown(name));
            }
        }
        try {
            UserLimits.checkOptions(options);
        } catch (EngineException e) {
            throw new IOException(wrong(where + e.getMessage()).getMessage(), e);
        }
        return new UserLimits(connections, statements, options);
    }

    private @Nullable String text(JsonNode node, String field, String where) throws IOException {
        JsonNode value = node.get(field);
        if (value == null) {
            return null;
        } else if (!value.isTextual()) {
            throw wrong(where + "'" + field + "' is no text");
        }
        return value.textValue();
    }

    /** What a value is; not the value itself, which may be a secret at the wrong place. */
    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> value.asText();
            default -> "null";
        };
    }

    private IOException wrong(String what) {
        return new IOException("the file of users '" + file + "' cannot be used: " + what);
    }

    /** What is done to the users that the file has. */
    interface Change {
        /** @return what to say of it */
        String apply(Map<String, User> users) throws IOException;
    }

    /**
     * Changes the users, one program and thread after the other: a change is made to what the one before left.
     *
     * @param mayBeNew whether a file that is not there has no users rather than is an error
     * @return what the change says
     */
    String change(boolean mayBeNew, Change change) throws IOException {
        Path target = target();
        // beside the file, which is another one after each change
        Path lock = target.resolveSibling(target.getFileName() + ".lock");
        synchronized (UsersFile.class) { // a process has a lock of a file as a whole
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (!held.isValid()) {
                    throw new IOException("cannot lock '" + lock + "'");
                }
                Map<String, User> users = mayBeNew && !Files.exists(file) ? new LinkedHashMap<>() : read();
                String said = change.apply(users);
                write(users);
                return said;
            }
        }
    }

    /** Through links, so that the file that is changed is the one that the server reads. */
    private Path target() throws IOException {
        return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    }

    /** Writes the users in the place of those before: as a whole or not at all. */
    void write(Map<String, User> users) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", VERSION);
        ArrayNode entries = root.putArray("users");
        users.values().forEach(user -> write(user, entries.addObject()));
        byte[] bytes = JSON.writeValueAsBytes(root);
        Path target = target();
        Path folder = target.getParent();
        boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY))
                }
                : new FileAttribute<?>[0];
        Path draft = Files.createTempFile(folder, target.getFileName().toString(), ".tmp", ownerOnly);
        try {
            Files.write(draft, bytes, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void write(User user, ObjectNode node) {
        node.put("name", user.name()).put("role", user.rights().role().toString());
        if (!user.rights().equals(AccessRights.ofRole(user.rights().role()))) {
            Grant.texts(user.rights()).forEach(node.putArray("grants")::add);
        }
        if (user.password() != null) {
            node.put("password", user.password());
        }
        if (!user.tokens().isEmpty()) {
            ArrayNode tokens = node.putArray("tokens");
            for (User.Token token : user.tokens()) {
                ObjectNode entry = tokens.addObject()
                        .put("hash", token.hash())
                        .put("created", token.created().toString());
                if (token.expires() != null) {
                    entry.put("expires", token.expires().toString());
                }
            }
        }
        UserLimits limits = user.limits();
        if (!limits.equals(UserLimits.NONE)) {
            ObjectNode entry = node.putObject("limits");
            if (limits.connections() > 0) {
                entry.put("connections", limits.connections());
            }
            if (limits.statements() > 0) {
                entry.put("statements", limits.statements());
            }
            new TreeMap<>(limits.options()).forEach(entry::put);
        }
    }

    /** Whether others than its owner may read or write it. */
    boolean isOpenToOthers() throws IOException {
        return Files.getFileStore(file).supportsFileAttributeView("posix")
                && !PosixFilePermissions.toString(Files.getPosixFilePermissions(file, new LinkOption[0]))
                        .endsWith("------");
    }
}
