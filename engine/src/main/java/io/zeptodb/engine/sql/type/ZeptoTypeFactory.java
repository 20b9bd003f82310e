package io.zeptodb.engine.sql.type;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Calcite's type factory with our type system; text is Unicode. */
public final class ZeptoTypeFactory extends SqlTypeFactoryImpl {
    public ZeptoTypeFactory() {
        super(ZeptoTypeSystem.INSTANCE);
    }

    /** Times and numbers have nothing in common: nanoseconds meet times in comparisons only. */
    @Override
    public @Nullable RelDataType leastRestrictive(List<RelDataType> types, SqlTypeMappingRule mapping) {
        boolean times = types.stream().anyMatch(SqlTypeUtil::isDatetime);
        boolean numbers = types.stream().anyMatch(SqlTypeUtil::isNumeric);
        return times && numbers ? null : super.leastRestrictive(types, mapping);
    }

    @Override
    public Charset getDefaultCharset() {
        return StandardCharsets.UTF_8;
    }
}
