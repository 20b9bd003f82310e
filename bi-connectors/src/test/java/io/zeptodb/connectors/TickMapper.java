package io.zeptodb.connectors;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;

/** A mapper of MyBatis: with annotations, and with the XML of the same name. */
public interface TickMapper {
    /** A row. */
    class Tick {
        public String symbol;
        public double price;
        public LocalDateTime ts;
        public LocalDate day;
        public LocalTime clock;
    }

    @Insert("INSERT INTO ticks VALUES (#{symbol}, #{price}, #{ts}, #{day}, #{clock})")
    int insert(Tick tick);

    @Select("SELECT * FROM ticks WHERE symbol = #{symbol} ORDER BY ts")
    List<Tick> of(@Param("symbol") String symbol);

    /** In the XML. */
    List<Tick> above(@Param("symbols") List<String> symbols, @Param("price") double price);

    /** In the XML. */
    int raise(@Param("symbol") String symbol, @Param("by") double by);
}
