package io.zeptodb.connectors;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Objects;

/** An entity of Hibernate, whose id is a time and a name. */
@Entity
@Table(name = "trade", uniqueConstraints = @UniqueConstraint(columnNames = {"symbol", "ts"}))
@IdClass(Trade.Key.class)
public class Trade {
    /** Of a trade. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1;
        LocalDateTime ts;
        String symbol;

        public Key() {}

        Key(LocalDateTime ts, String symbol) {
            this.ts = ts;
            this.symbol = symbol;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && ts.equals(key.ts) && symbol.equals(key.symbol);
        }

        @Override
        public int hashCode() {
            return Objects.hash(ts, symbol);
        }
    }

    @Id
    LocalDateTime ts;

    @Id
    String symbol;

    @Column(precision = 18, scale = 4, nullable = false)
    BigDecimal price;

    long volume;
    Double weight;
    boolean odd;
    byte[] payload;

    protected Trade() {}

    Trade(LocalDateTime ts, String symbol, BigDecimal price, long volume) {
        this.ts = ts;
        this.symbol = symbol;
        this.price = price;
        this.volume = volume;
        this.weight = volume / 2.0;
        this.odd = volume % 2 == 1;
        this.payload = new byte[] {(byte) volume};
    }
}
