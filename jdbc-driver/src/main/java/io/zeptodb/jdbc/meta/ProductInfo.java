package io.zeptodb.jdbc.meta;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Name, version and keywords of the product, as tools ask for them. */
public final class ProductInfo {
    public static final String NAME = "ZeptoDB";
    public static final String DRIVER_NAME = "ZeptoDB JDBC Driver";
    /** As the build has it, {@code 0.1.0-SNAPSHOT} for one. */
    public static final String VERSION = load();

    public static final int MAJOR = part(0);
    public static final int MINOR = part(1);

    /** Words of the grammar that SQL:2003 does not have. */
    public static final String KEYWORDS = "ASOF,CHECKPOINT,COPY,DESCRIBE,EXPLAIN,ILIKE,LIMIT,MATCH_CONDITION,OFFSET,"
            + "QUALIFY,SHOW,SYMBOL,TABLES,TEXT,TIMESTAMP_NS";

    private static final String RESOURCE = "product.properties";

    private ProductInfo() {}

    private static String load() {
        try (InputStream in = ProductInfo.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "0.0");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE + " of the driver", e);
        }
    }

    private static int part(int index) {
        return Integer.parseInt(VERSION.replaceAll("-.*", "").split("\\.")[index]);
    }
}
