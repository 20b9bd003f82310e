package io.zeptodb.server.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.OHLCChart;
import org.knowm.xchart.OHLCChartBuilder;
import org.knowm.xchart.style.OHLCStyler;

/** Draws the bars of the busiest symbol as candlesticks. */
final class CandlestickPicture {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 700;
    private static final int MOST_BARS = 90;
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final int[] MINUTES = {1, 5, 15, 60};

    private CandlestickPicture() {}

    /** Writes the picture; the file written. */
    static Path draw(Connection connection, Path file) throws SQLException, IOException {
        System.setProperty("java.awt.headless", "true");
        String symbol = busiest(connection);
        Bars bars = new Bars();
        int minutes = 0;
        for (int candidate : MINUTES) {
            minutes = candidate;
            bars = Bars.of(connection, symbol, candidate * MINUTE_NANOS);
            if (bars.times.size() <= MOST_BARS) {
                break;
            }
        }
        OHLCChart chart = new OHLCChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(symbol + ", " + minutes + "-minute bars (UTC)")
                .yAxisTitle("price")
                .build();
        chart.getStyler().setDefaultSeriesRenderStyle(org.knowm.xchart.OHLCSeries.OHLCSeriesRenderStyle.Candle);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setToolTipsEnabled(false);
        OHLCStyler styler = chart.getStyler();
        styler.setDatePattern("HH:mm");
        styler.setTimezone(TimeZone.getTimeZone("UTC"));
        chart.addSeries(symbol, bars.times, bars.open, bars.high, bars.low, bars.close);
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
        return file;
    }

    private static String busiest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(DemoQueries.BUSIEST_SYMBOL)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static final class Bars {
        final List<Date> times = new ArrayList<>();
        final List<Double> open = new ArrayList<>();
        final List<Double> high = new ArrayList<>();
        final List<Double> low = new ArrayList<>();
        final List<Double> close = new ArrayList<>();

        static Bars of(Connection connection, String symbol, long widthNanos) throws SQLException {
            Bars bars = new Bars();
            try (PreparedStatement statement = connection.prepareStatement(DemoQueries.BARS_OF_SYMBOL)) {
                statement.setLong(1, widthNanos);
                statement.setString(2, symbol);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        bars.times.add(rows.getTimestamp(1));
                        bars.open.add(rows.getDouble(2));
                        bars.high.add(rows.getDouble(3));
                        bars.low.add(rows.getDouble(4));
                        bars.close.add(rows.getDouble(5));
                    }
                }
            }
            return bars;
        }
    }
}
