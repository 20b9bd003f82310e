package io.zeptodb.jdbc;

import java.util.Collections;
import java.util.Hashtable;
import java.util.Properties;
import java.util.Set;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.RefAddr;
import javax.naming.Reference;
import javax.naming.StringRefAddr;
import javax.naming.spi.ObjectFactory;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link ZeptoDataSource} of what JNDI has of it: an address {@code url}, {@code loginTimeout} in seconds, and one for each option, named as in the
 * URL. Stateless.
 */
public final class ZeptoDataSourceFactory implements ObjectFactory {
    private static final String URL = "url";
    private static final String LOGIN_TIMEOUT = "loginTimeout";
    /** What containers say of a resource for themselves. */
    private static final Set<String> OF_CONTAINERS =
            Set.of("factory", "scope", "auth", "singleton", "description", "closeMethod");

    /** JNDI makes one by its name. */
    public ZeptoDataSourceFactory() {}

    static Reference reference(String url, Properties options, int loginTimeoutSeconds) {
        Reference reference =
                new Reference(ZeptoDataSource.class.getName(), ZeptoDataSourceFactory.class.getName(), null);
        reference.add(new StringRefAddr(URL, url));
        reference.add(new StringRefAddr(LOGIN_TIMEOUT, Integer.toString(loginTimeoutSeconds)));
        for (String name : options.stringPropertyNames()) {
            reference.add(new StringRefAddr(name, options.getProperty(name)));
        }
        return reference;
    }

    /** Null for what is no data source, as JNDI wants it. */
    @Override
    public @Nullable Object getObjectInstance(
            @Nullable Object object,
            @Nullable Name name,
            @Nullable Context context,
            @Nullable Hashtable<?, ?> environment) {
        if (!(object instanceof Reference reference) || !isDataSource(reference.getClassName())) {
            return null;
        }
        ZeptoDataSource source = new ZeptoDataSource();
        for (RefAddr address : Collections.list(reference.getAll())) {
            String key = address.getType();
            String value = address.getContent() instanceof String text ? text : null;
            if (value == null || OF_CONTAINERS.contains(key)) {
                continue;
            }
            switch (key) {
                case URL -> source.setUrl(value);
                case LOGIN_TIMEOUT -> source.setLoginTimeout(Integer.parseInt(value));
                default -> source.setOption(key, value);
            }
        }
        return source;
    }

    private static boolean isDataSource(String type) {
        return type.equals(ZeptoDataSource.class.getName()) || type.equals(DataSource.class.getName());
    }
}
