package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NestedField;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Cast;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.Expression.Literal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts casts where the types of a plan must agree. */
final class Conversion {
    private final Folding folding;
    private final CurrentPlace place;

    Conversion(Folding folding, CurrentPlace place) {
        this.folding = folding;
        this.place = place;
    }

    /** Whether a value of one type is stored as a value of the other: fractional digits of times say nothing of the layout. */
    static boolean sameLayout(ColumnType a, ColumnType b) {
        if (a.kind() != b.kind() || a.fields().size() != b.fields().size()) {
            return false;
        }
        for (int i = 0; i < a.fields().size(); i++) {
            if (!sameLayout(a.fields().get(i).type(), b.fields().get(i).type())) {
                return false;
            }
        }
        return a.kind() != TypeKind.DECIMAL || a.scale() == b.scale();
    }

    /** The expression as a value of this type; a cast that changes nothing is left out. */
    Expression to(Expression expression, ColumnType type) {
        ColumnType from = expression.type();
        if (from.equals(type)) {
            return expression;
        }
        if (expression instanceof Literal literal) {
            Literal converted = convert(literal, type);
            if (converted != null) {
                return converted;
            }
        }
        if (sameLayout(from, type)
                && from.precision() <= type.precision()
                && !type.kind().isNested()) {
            return expression;
        }
        return folding.fold(new Cast(expression, type, false, place.get()));
    }

    /** Conversions of constants that need no kernel and cannot fail. */
    private static @Nullable Literal convert(Literal literal, ColumnType type) {
        Object value = literal.value();
        if (value == null) {
            return new Literal(null, type);
        }
        TypeKind from = literal.type().kind();
        if (from.isInteger() && type.kind().isInteger() && fits((Long) value, type.kind())) {
            return new Literal(value, type);
        }
        if (from.isInteger() && type.kind() == TypeKind.DOUBLE) {
            return new Literal((double) (Long) value, type);
        }
        if (from == TypeKind.DECIMAL && type.kind() == TypeKind.DOUBLE) {
            return new Literal(((BigDecimal) value).doubleValue(), type);
        }
        if (from == TypeKind.VARCHAR && type.kind() == TypeKind.SYMBOL) {
            return literal;
        }
        return null;
    }

    private static boolean fits(long value, TypeKind kind) {
        return switch (kind) {
            case TINYINT -> value == (byte) value;
            case SMALLINT -> value == (short) value;
            case INTEGER -> value == (int) value;
            default -> true;
        };
    }

    /** A comparison with both sides of one layout; SYMBOL and VARCHAR may stand as they are. */
    Expression compare(Comparator operator, Expression left, Expression right) {
        ColumnType a = left.type();
        ColumnType b = right.type();
        if (a.kind().isNested() || b.kind().isNested()) {
            return nested(operator, left, right);
        }
        if (sameLayout(a, b) || (a.kind().isText() && b.kind().isText())) {
            return folding.fold(new Comparison(operator, left, right));
        }
        Expression narrowed = narrowed(right, a);
        if (narrowed != null) {
            return folding.fold(new Comparison(operator, left, narrowed));
        }
        narrowed = narrowed(left, b);
        if (narrowed != null) {
            return folding.fold(new Comparison(operator, narrowed, right));
        }
        Comparison ofDays = DayComparison.of(operator, left, right);
        if (ofDays != null) {
            return folding.fold(ofDays);
        }
        ColumnType common = common(a, b);
        return folding.fold(new Comparison(operator, to(left, common), to(right, common)));
    }

    /** Nested values are equal or not; none is less than another. */
    private Expression nested(Comparator operator, Expression left, Expression right) {
        switch (operator) {
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                throw Unsupported.because(
                        operator.sign() + " between values of type " + left.type() + " and " + right.type(),
                        "nested values can only be equal or not");
            default -> {
                ColumnType common = common(left.type(), right.type());
                return folding.fold(new Comparison(operator, to(left, common), to(right, common)));
            }
        }
    }

    /** The type in which the two are compared. */
    ColumnType meeting(Expression value, Expression other) {
        boolean fits = sameLayout(value.type(), other.type()) || narrowed(other, value.type()) != null;
        return fits ? value.type() : common(value.type(), other.type());
    }

    /** A constant integer as one of the narrower type of the other side, so that the column needs no cast; null when it is none. */
    private static @Nullable Expression narrowed(Expression constant, ColumnType type) {
        return constant instanceof Literal literal
                        && literal.value() != null
                        && literal.type().kind().isInteger()
                        && type.kind().isInteger()
                ? convert(literal, type)
                : null;
    }

    /** @throws EngineException DATATYPE_MISMATCH when values of the types cannot meet */
    static ColumnType common(ColumnType a, ColumnType b) {
        ColumnType common = commonOrNull(a, b);
        if (common == null) {
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH, "no common type of " + a + " and " + b + "; cast one of them");
        }
        return common;
    }

    /** The type in which values of all the types can meet. */
    static ColumnType common(List<ColumnType> types) {
        ColumnType common = ColumnType.NULL;
        for (ColumnType type : types) {
            common = common(common, type);
        }
        return common;
    }

    private static @Nullable ColumnType commonOrNull(ColumnType a, ColumnType b) {
        TypeKind left = a.kind();
        TypeKind right = b.kind();
        if (a.equals(b) || right == TypeKind.NULL) {
            return a;
        }
        if (left == TypeKind.NULL) {
            return b;
        }
        if (left.isNested() && left == right) {
            return commonNested(a, b);
        }
        if (left.isNumeric() && right.isNumeric()) {
            return commonNumber(a, b);
        }
        if (left == right) {
            return a.precision() >= b.precision() ? a : b;
        }
        if (left.isText() || right.isText()) {
            return left.isText() && right.isText() ? ColumnType.VARCHAR : left.isText() ? b : a;
        }
        if (isDateOrTimestamp(left) && isDateOrTimestamp(right)) {
            return ColumnType.TIMESTAMP_NS;
        }
        if (left == TypeKind.TIMESTAMP && right.isInteger()) {
            return a;
        }
        if (left.isInteger() && right == TypeKind.TIMESTAMP) {
            return b;
        }
        return null;
    }

    private static @Nullable ColumnType commonNested(ColumnType a, ColumnType b) {
        if (a.fields().size() != b.fields().size()) {
            return null;
        }
        List<NestedField> fields = new ArrayList<>();
        for (int i = 0; i < a.fields().size(); i++) {
            NestedField field = a.fields().get(i);
            ColumnType common = commonOrNull(field.type(), b.fields().get(i).type());
            if (common == null) {
                return null;
            }
            fields.add(new NestedField(field.name(), common));
        }
        return new ColumnType(a.kind(), 0, 0, fields);
    }

    private static boolean isDateOrTimestamp(TypeKind kind) {
        return kind == TypeKind.DATE || kind == TypeKind.TIMESTAMP;
    }

    private static ColumnType commonNumber(ColumnType a, ColumnType b) {
        if (a.kind().isInteger() && b.kind().isInteger()) {
            return a.width() >= b.width() ? a : b;
        }
        if (a.kind() == b.kind() && a.kind() == TypeKind.REAL) {
            return a;
        }
        if (a.kind().isFloat() || b.kind().isFloat()) {
            return ColumnType.DOUBLE;
        }
        ColumnType left = asDecimal(a);
        ColumnType right = asDecimal(b);
        int scale = Math.max(left.scale(), right.scale());
        int whole = Math.max(left.precision() - left.scale(), right.precision() - right.scale());
        return ColumnType.decimal(Math.min(ColumnType.MAX_DECIMAL_PRECISION, whole + scale), scale);
    }

    private static ColumnType asDecimal(ColumnType type) {
        return switch (type.kind()) {
            case TINYINT -> ColumnType.decimal(3, 0);
            case SMALLINT -> ColumnType.decimal(5, 0);
            case INTEGER -> ColumnType.decimal(10, 0);
            case BIGINT -> ColumnType.decimal(19, 0);
            default -> type;
        };
    }
}
