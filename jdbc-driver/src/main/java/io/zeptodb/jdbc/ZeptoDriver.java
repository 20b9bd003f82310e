package io.zeptodb.jdbc;

import io.zeptodb.engine.ArrowRuntime;
import io.zeptodb.engine.api.EngineOption;
import io.zeptodb.jdbc.meta.EngineMeta;
import io.zeptodb.jdbc.meta.ProductInfo;
import io.zeptodb.jdbc.meta.WireFormat;
import io.zeptodb.jdbc.remote.AvaticaClient;
import io.zeptodb.jdbc.remote.ServerTransport;
import io.zeptodb.jdbc.remote.TransportService;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaFactory;
import org.apache.calcite.avatica.DriverVersion;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.UnregisteredDriver;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC driver: {@code jdbc:zepto:} opens a database in this process, {@code jdbc:zepto://host:port/} a connection to a server. Found
 * by DriverManager through the service loader. Thread-safe.
 *
 * <p>URLs and options: see the package's description. Errors carry an SQLSTATE and are of the subclass of SQLException that belongs to it.
 */
public final class ZeptoDriver extends UnregisteredDriver {
    private static final ZeptoDriver INSTANCE = new ZeptoDriver();

    static {
        INSTANCE.register();
    }

    @Override
    protected AvaticaFactory createFactory() {
        return new ZeptoFactory();
    }

    @Override
    protected DriverVersion createDriverVersion() {
        return new DriverVersion(
                ProductInfo.DRIVER_NAME,
                ProductInfo.VERSION,
                ProductInfo.NAME,
                ProductInfo.VERSION,
                false,
                ProductInfo.MAJOR,
                ProductInfo.MINOR,
                ProductInfo.MAJOR,
                ProductInfo.MINOR);
    }

    @Override
    protected String getConnectStringPrefix() {
        return ZeptoUrl.PREFIX;
    }

    @Override
    public boolean acceptsURL(@Nullable String url) throws SQLException {
        if (url == null) {
            throw SqlErrors.of(SqlErrors.INVALID_CALL, "there is no URL to accept: it is null");
        }
        return url.startsWith(ZeptoUrl.PREFIX);
    }

    @Override
    public @Nullable Connection connect(@Nullable String url, @Nullable Properties info) throws SQLException {
        if (!acceptsURL(url) || url == null) {
            return null;
        }
        ZeptoUrl parsed = ZeptoUrl.parse(url, info == null ? new Properties() : info);
        try {
            return switch (parsed.kind()) {
                case PRIVATE -> inProcess(url, SharedDatabases.openPrivate(parsed.options()));
                case NAMED -> inProcess(url, SharedDatabases.openNamed(parsed.place(), parsed.options()));
                case FOLDER -> inProcess(url, SharedDatabases.openFolder(parsed.place(), parsed.options()));
                case SERVER -> remote(url, parsed);
            };
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        }
    }

    private Connection inProcess(String url, SharedDatabases.Lease lease) {
        try {
            EngineMeta meta = new EngineMeta(lease.database().openSession(), WireFormat.EXACT);
            try {
                Properties properties = new Properties();
                properties.setProperty(RemoteOption.FETCH_SIZE.key(), RemoteOption.FETCH_SIZE.defaultValue());
                return connection(url, properties, new ConnectionTarget.InProcess(lease, meta));
            } catch (RuntimeException | Error e) {
                try (meta) {
                    throw e;
                }
            }
        } catch (RuntimeException | Error e) {
            try (lease) {
                throw e;
            }
        }
    }

    private Connection remote(String url, ZeptoUrl parsed) throws SQLException {
        ArrowRuntime.open();
        RemoteSettings settings = RemoteSettings.of(parsed);
        Properties properties = new Properties();
        properties.setProperty(RemoteOption.FETCH_SIZE.key(), Integer.toString(settings.fetchSize()));
        properties.setProperty("url", settings.address().uri().toString());
        properties.setProperty("serialization", "protobuf");
        properties.setProperty("factory", TransportService.class.getName());
        ServerTransport transport = new ServerTransport(settings.address());
        ZeptoConnection connection;
        try {
            connection = connection(url, properties, new ConnectionTarget.Server(settings, transport));
        } catch (RuntimeException | Error e) {
            try (transport) {
                throw e;
            }
        }
        try {
            connection.openOnServer();
            return connection;
        } catch (RuntimeException | SQLException | Error e) {
            connection.forget();
            try (transport) {
                throw e;
            }
        }
    }

    private ZeptoConnection connection(String url, Properties properties, ConnectionTarget target) {
        properties.put(ZeptoConnection.TARGET, target);
        return new ZeptoConnection(this, factory, ShownUrl.of(url), properties); // the metadata shows it
    }

    /** Called by Avatica from within the connection's constructor. */
    @Override
    public Meta createMeta(AvaticaConnection connection) {
        ConnectionTarget target = ((ZeptoConnection) connection).target();
        return target instanceof ConnectionTarget.InProcess inProcess
                ? inProcess.meta()
                : AvaticaClient.meta(connection);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(@Nullable String url, @Nullable Properties info) throws SQLException {
        Map<String, String> given = url != null && acceptsURL(url)
                ? ZeptoUrl.parse(url, info == null ? new Properties() : info).options()
                : Map.of();
        boolean server = url != null && url.startsWith(ZeptoUrl.PREFIX + "//");
        List<DriverPropertyInfo> properties = new ArrayList<>();
        if (server) {
            for (RemoteOption option : RemoteOption.values()) {
                DriverPropertyInfo property =
                        property(option.key(), option.defaultValue(), option.description(), given);
                property.choices =
                        option.choices().isEmpty() ? null : option.choices().toArray(String[]::new);
                properties.add(property);
            }
        } else {
            for (EngineOption option : EngineOption.values()) {
                properties.add(property(option.key(), option.defaultValue(), option.description(), given));
            }
        }
        return properties.toArray(DriverPropertyInfo[]::new);
    }

    private static DriverPropertyInfo property(
            String key, String defaultValue, String description, Map<String, String> given) {
        DriverPropertyInfo property = new DriverPropertyInfo(key, given.getOrDefault(key, defaultValue));
        property.description = description;
        return property;
    }

    /** The parent of all loggers: the driver itself does not log. */
    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("io.zeptodb");
    }

    /** The registered driver, for who does not want to go through {@link DriverManager}. */
    static ZeptoDriver instance() {
        return INSTANCE;
    }
}
