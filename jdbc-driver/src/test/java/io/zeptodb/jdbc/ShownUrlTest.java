package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords and tokens are in no message and no metadata, however wrong the URL is. */
class ShownUrlTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:zepto:, jdbc:zepto:",
        "jdbc:zepto:mem:x?threads=2, jdbc:zepto:mem:x?threads=2",
        "jdbc:zepto:file:/data/x?user=ann&password=s3cret, jdbc:zepto:file:/data/x?user=ann",
        "jdbc:zepto://h:1/?user=root&password=s3cret&tls=true, jdbc:zepto://h:1/?user=root&tls=true",
        "jdbc:zepto://[::1]:1/?p%61ssword=s3cret, jdbc:zepto://[::1]:1/",
        "jdbc:zepto://h:99999/?PASSWORD=s3cret&Token=s3cret&user=root, jdbc:zepto://h:99999/?user=root",
        "jdbc:zepto://root:s3cret@h:1/, jdbc:zepto://…@h:1/",
        "jdbc:zepto://root:s3@cret@h:1/?user=a, jdbc:zepto://…@h:1/?user=a",
        "jdbc:zepto://root:s3cret, jdbc:zepto://root…",
        "jdbc:zepto://h:1/;user=root;password=s3cret, jdbc:zepto://h:1…",
        "jdbc:zepto://h:1;password=s3cret, jdbc:zepto://h:1…",
        "jdbc:zepto://h:1/?user=root?password=s3cret, jdbc:zepto://h:1/",
        "jdbc:zepto://h:1/?user=root&pasword=s3cret, jdbc:zepto://h:1/?user=root",
        "jdbc:zepto://h:1/?password=s3cret&cret, jdbc:zepto://h:1/",
        "jdbc:zepto://h:1/path, jdbc:zepto://h:1/path",
        "jdbc:postgresql://root:s3cret@h/db?password=s3cret, jdbc:postgresql:…",
        "root:s3cret@h, root:…",
        "nope, nope",
        "'', ''"
    })
    void onlyWhatIsHarmlessIsShown(String url, String shown) {
        assertThat(ShownUrl.of(url)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:zepto://localhost:99999/?user=root&password=s3cret",
                "jdbc:zepto://localhost:1/x?token=s3cret",
                "jdbc:zepto://root:s3cret@localhost:1/",
                "jdbc:zepto://root:s3cret^@localhost:1/",
                "jdbc:zepto://localhost:1/?user=root:s3cret",
                "jdbc:zepto://localhost:1/?password=s3&cret",
                "jdbc:zepto://localhost:1/?password=s3cret&user=",
                "jdbc:zepto://localhost:1/?password=s3cret&tls=maybe",
                "jdbc:zepto://localhost:1/?user=ann&password=s3cret",
                "jdbc:zepto://localhost:1/?token=s3 cret",
                "jdbc:zepto://localhost:1/?p%zzassword=s3cret",
                "jdbc:zepto:nope?password=s3cret",
                "jdbc:zepto:mem:?password=s3cret"
            })
    void noMessageHasASecret(String url) {
        assertThatThrownBy(() -> DriverManager.getConnection(url).close())
                .isInstanceOf(SQLException.class)
                .satisfies(e -> {
                    for (Throwable each = e; each != null; each = each.getCause()) {
                        assertThat(String.valueOf(each))
                                .doesNotContain("s3cret")
                                .doesNotContain("'cret'");
                    }
                });
        assertThat(new ZeptoDataSource(url).toString())
                .doesNotContain("s3cret")
                .startsWith("ZeptoDataSource[jdbc:zepto:");
    }

    @Test
    void aDataSourceOfOtherUrlsShowsNoSecret() {
        ZeptoDataSource source = new ZeptoDataSource("jdbc:postgresql://h/x?password=s3cret");
        assertThatThrownBy(() -> source.getConnection().close())
                .hasMessageContaining("'jdbc:postgresql:…' is no URL of ZeptoDB")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void theUrlOfTheMetadataConnectsAgain() throws SQLException {
        try (Connection connection =
                DriverManager.getConnection("jdbc:zepto:mem:shown?user=ann&password=s3cret&threads=1")) {
            String url = connection.getMetaData().getURL();
            assertThat(url).isEqualTo("jdbc:zepto:mem:shown?user=ann&threads=1");
            Properties secrets = new Properties();
            secrets.setProperty("password", "s3cret");
            try (Connection again = DriverManager.getConnection(url, secrets)) {
                assertThat(again.isValid(1)).isTrue();
            }
        }
    }
}
