package io.zeptodb.jdbc;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The options that connection properties give. None is passed over: what was meant to encrypt a connection or to make a database read-only
 * must not be without effect because it was put as a Boolean.
 */
final class ConnectionOptions {
    private static final Set<String> LOGIN =
            Set.of(RemoteOption.USER.key(), RemoteOption.PASSWORD.key(), RemoteOption.TOKEN.key());

    private ConnectionOptions() {}

    /**
     * By lower-case name, those of the properties' defaults too.
     *
     * @throws SQLException 22023 for a name that is no text, or a value that is neither text, number, truth value nor constant of an enum
     */
    static Map<String, String> of(Properties properties) throws SQLException {
        Map<String, String> options = new TreeMap<>();
        for (String name : names(properties)) {
            Object value = properties.get(name); // getProperty would give the default where this is no String
            put(options, name, text(name, value == null ? properties.getProperty(name) : value), "the properties");
        }
        return options;
    }

    /**
     * Those of the URL and those of the properties. pgjdbc and others take what the URL says where the two are not the same; here that is
     * refused, for a login, a time-out or encryption that somebody asked for must not be without effect.
     *
     * @throws SQLException 22023 for an option of two values
     */
    static Map<String, String> together(Map<String, String> ofUrl, Map<String, String> ofProperties)
            throws SQLException {
        Map<String, String> options = new TreeMap<>(ofUrl);
        // backwards, for of two logins the names tell more than the passwords
        for (Map.Entry<String, String> option :
                new TreeMap<>(ofProperties).descendingMap().entrySet()) {
            put(options, option.getKey(), option.getValue(), "the URL and the properties");
        }
        return options;
    }

    /** The same value twice is fine, and an empty part of a login is none: tools and pools send both. */
    static void put(Map<String, String> options, String name, String value, String where) throws SQLException {
        String key = name.toLowerCase(Locale.ROOT);
        String other = options.get(key);
        if (other == null || (other.isEmpty() && LOGIN.contains(key))) {
            options.put(key, value);
        } else if (!other.equals(value) && !(value.isEmpty() && LOGIN.contains(key))) {
            boolean secret = RemoteOption.find(key).map(RemoteOption::isSecret).orElse(false);
            throw refused("connection option '" + key + "' has two values in " + where
                    + (secret ? "" : ", '" + other + "' and '" + value + "'") + ": give one of them");
        }
    }

    private static Set<String> names(Properties properties) throws SQLException {
        Set<String> names = new LinkedHashSet<>();
        for (Object name : properties.keySet()) {
            if (!(name instanceof String text)) {
                throw refused("the name of a connection option is a String, got " + name + " of "
                        + name.getClass().getName());
            }
            names.add(text);
        }
        try {
            properties.propertyNames().asIterator().forEachRemaining(name -> names.add((String) name));
        } catch (ClassCastException e) {
            throw refused(
                    "the name of a connection option is a String, but there are others in the defaults of the properties");
        }
        return names;
    }

    private static String text(String name, @Nullable Object value) throws SQLException {
        if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        } else if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        // what it is, and not what it says, which may be a secret
        throw refused("connection option '" + name + "' wants a String, a number or a Boolean, got "
                + (value == null
                        ? "another object in the defaults of the properties"
                        : value.getClass().getName()));
    }

    private static SQLException refused(String message) {
        return SqlErrors.of(ErrorCode.INVALID_OPTION.sqlState(), message);
    }
}
