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
            options.put(
                    name.toLowerCase(Locale.ROOT), text(name, value == null ? properties.getProperty(name) : value));
        }
        return options;
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
