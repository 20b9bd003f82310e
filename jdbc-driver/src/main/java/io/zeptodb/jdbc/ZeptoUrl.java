package io.zeptodb.jdbc;

import io.zeptodb.engine.api.EngineOption;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * A URL of the driver, taken apart.
 *
 * <pre>
 * jdbc:zepto:                     a private in-memory database, gone with its last connection
 * jdbc:zepto:mem:NAME             an in-memory database shared by name inside the JVM
 * jdbc:zepto:file:PATH            a database folder on disk (also jdbc:zepto:PATH with a slash in it)
 * jdbc:zepto://HOST:PORT/         a server (default port 8765)
 * …?option=value&amp;option=value     options, percent-encoded where needed
 * </pre>
 *
 * @param kind where the database is
 * @param place name, path or host; empty for a private database
 * @param port of a server, else 0
 * @param options by lower-case name, each known to the kind
 */
record ZeptoUrl(Kind kind, String place, int port, Map<String, String> options) {
    static final String PREFIX = "jdbc:zepto:";
    static final int DEFAULT_PORT = 8765;

    private static final String MEMORY = "mem:";
    private static final String FILE = "file:";
    private static final String SERVER = "//";
    private static final int MOST_PORT = 65_535;

    /** Every tool sends them; a database in the process has nobody to tell apart. */
    private static final Set<String> NOT_IN_PROCESS = Set.of("user", "password");

    enum Kind {
        PRIVATE,
        NAMED,
        FOLDER,
        SERVER
    }

    ZeptoUrl {
        options = Map.copyOf(options);
    }

    /**
     * Takes a URL and connection properties apart; where both name an option, they say the same.
     *
     * @throws SQLException 22023 for an option that is not known, no text or of two values, or a text that is no URL of this driver
     */
    static ZeptoUrl parse(String url, Properties properties) throws SQLException {
        String rest = url.substring(PREFIX.length());
        int question = rest.indexOf('?');
        String place = question < 0 ? rest : rest.substring(0, question);
        Kind kind = kind(place, url);
        Map<String, String> ofProperties = ConnectionOptions.of(properties);
        Map<String, String> ofUrl = question < 0 ? new TreeMap<>() : optionsOf(rest.substring(question + 1), url);
        if (kind != Kind.SERVER) {
            ofProperties.keySet().removeAll(NOT_IN_PROCESS);
            ofUrl.keySet().removeAll(NOT_IN_PROCESS);
        }
        Map<String, String> options = ConnectionOptions.together(ofUrl, ofProperties);
        checkKnown(kind, options);
        return switch (kind) {
            case PRIVATE -> new ZeptoUrl(kind, "", 0, options);
            case NAMED -> new ZeptoUrl(kind, place.substring(MEMORY.length()), 0, options);
            case FOLDER ->
                new ZeptoUrl(kind, place.startsWith(FILE) ? place.substring(FILE.length()) : place, 0, options);
            case SERVER -> server(place, url, options);
        };
    }

    private static Kind kind(String place, String url) throws SQLException {
        if (place.isEmpty()) {
            return Kind.PRIVATE;
        }
        if (place.startsWith(SERVER)) {
            return Kind.SERVER;
        }
        if (place.startsWith(MEMORY)) {
            if (place.length() == MEMORY.length()) {
                throw refused(url, "a name is missing behind 'mem:'; for a private database use " + PREFIX);
            }
            return Kind.NAMED;
        }
        if (place.equals(FILE)) {
            throw refused(url, "a path is missing behind 'file:'; for the folder that the program runs in use file:./");
        }
        if (place.startsWith(FILE) || place.contains("/") || place.contains("\\")) {
            return Kind.FOLDER;
        }
        throw refused(
                url,
                "expected " + PREFIX + ", " + PREFIX + "mem:NAME, " + PREFIX + "file:PATH or " + PREFIX
                        + "//HOST:PORT/");
    }

    private static ZeptoUrl server(String place, String url, Map<String, String> options) throws SQLException {
        try {
            URI uri = new URI("zepto:" + place);
            boolean pathless = uri.getPath() == null
                    || uri.getPath().isEmpty()
                    || uri.getPath().equals("/");
            if (uri.getHost() == null || !pathless || uri.getPort() > MOST_PORT || uri.getUserInfo() != null) {
                throw refused(url, "expected " + PREFIX + "//HOST:PORT/");
            }
            return new ZeptoUrl(Kind.SERVER, uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(), options);
        } catch (URISyntaxException e) {
            throw refused(url, "expected " + PREFIX + "//HOST:PORT/, but: " + e.getReason());
        }
    }

    private static Map<String, String> optionsOf(String text, String url) throws SQLException {
        Map<String, String> options = new TreeMap<>();
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                if (part.isEmpty()) {
                    continue;
                }
                // what follows a secret may be a part of it: a password has to have its & encoded
                String shown = options.keySet().stream().anyMatch(ZeptoUrl::isSecret) ? "…" : part;
                throw refused(
                        url, "option '" + shown + "' has no value: write option=value, and %26 for an & in a value");
            }
            try {
                String name = URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8);
                // a plus is a plus: these are no form fields
                String value = part.substring(equals + 1).replace("+", "%2B");
                ConnectionOptions.put(options, name, decode(value), "the URL");
            } catch (IllegalArgumentException e) {
                throw refused(url, "option '" + part.substring(0, equals) + "': " + e.getMessage());
            }
        }
        return options;
    }

    private static boolean isSecret(String name) {
        return RemoteOption.find(name).map(RemoteOption::isSecret).orElse(false);
    }

    /** A percent sign that begins no code stands for itself: memory_limit=75% needs no encoding. */
    private static String decode(String value) {
        String tolerant = value.replaceAll("%(?![0-9a-fA-F]{2})", "%25");
        return URLDecoder.decode(tolerant, StandardCharsets.UTF_8);
    }

    private static void checkKnown(Kind kind, Map<String, String> options) throws SQLException {
        for (String name : options.keySet()) {
            boolean known = kind == Kind.SERVER
                    ? RemoteOption.find(name).isPresent()
                    : EngineOption.find(name).isPresent();
            if (!known) {
                throw SqlErrors.of(
                        ErrorCode.INVALID_OPTION.sqlState(),
                        "unknown connection option '" + name + "'; known are " + String.join(", ", knownTo(kind)));
            }
        }
    }

    private static List<String> knownTo(Kind kind) {
        List<String> names = new ArrayList<>();
        if (kind == Kind.SERVER) {
            for (RemoteOption option : RemoteOption.values()) {
                names.add(option.key());
            }
        } else {
            for (EngineOption option : EngineOption.values()) {
                names.add(option.key());
            }
        }
        return names;
    }

    private static SQLException refused(String url, String why) {
        return SqlErrors.of(
                ErrorCode.INVALID_OPTION.sqlState(), "'" + ShownUrl.of(url) + "' is no URL of ZeptoDB: " + why);
    }
}
