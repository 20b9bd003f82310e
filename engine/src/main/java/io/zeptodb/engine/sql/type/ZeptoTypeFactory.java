package io.zeptodb.engine.sql.type;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;

/** Calcite's type factory with our type system; text is Unicode. */
public final class ZeptoTypeFactory extends SqlTypeFactoryImpl {
    public ZeptoTypeFactory() {
        super(ZeptoTypeSystem.INSTANCE);
    }

    @Override
    public Charset getDefaultCharset() {
        return StandardCharsets.UTF_8;
    }
}
