package io.zeptodb.jdbc;

import io.zeptodb.engine.api.EngineOption;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL as others may see it, in metadata, messages and logs: without secret options and user information. Only what is known to be
 * harmless stays, for the URL may be one that nobody understands. A URL of the driver still connects, with the secrets as properties.
 */
final class ShownUrl {
    private static final String HIDDEN = "…";
    private static final Pattern SCHEME = Pattern.compile("(jdbc:)?[a-z][a-z0-9+.-]*(:|$)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SERVER =
            Pattern.compile("(//(?:\\[[^]@/]*]|[^]:/?#;@&=\\[]*)(?::\\d{1,5}(?!\\d))?)(.*)", Pattern.DOTALL);
    private static final Pattern SECRET_INSIDE =
            Pattern.compile("(pass\\w*|pwd|token|secret)\\s*(=|%3d)|^user=.*(:|%3a)", Pattern.CASE_INSENSITIVE);

    private ShownUrl() {}

    static String of(String url) {
        int question = url.indexOf('?');
        String place = question < 0 ? url : url.substring(0, question);
        if (!place.startsWith(ZeptoUrl.PREFIX)) {
            return ofOthers(place);
        }
        String rest = place.substring(ZeptoUrl.PREFIX.length());
        String shown = ZeptoUrl.PREFIX + (rest.startsWith("//") ? server(rest) : rest);
        return question < 0 ? shown : shown + options(url.substring(question + 1));
    }

    /** Where other drivers have their secrets is not known. */
    private static String ofOthers(String place) {
        Matcher scheme = SCHEME.matcher(place);
        String shown = scheme.lookingAt() ? scheme.group() : "";
        return shown.length() == place.length() ? shown : shown + HIDDEN;
    }

    private static String server(String place) {
        int at = place.lastIndexOf('@');
        if (at >= 0) {
            return "//" + HIDDEN + "@" + server("//" + place.substring(at + 1)).substring(2);
        }
        Matcher parts = SERVER.matcher(place);
        if (!parts.matches()) {
            return "//" + HIDDEN;
        }
        String path = parts.group(2);
        boolean harmless = path.isEmpty() || (path.startsWith("/") && path.matches("[\\w./-]*"));
        return harmless ? place : parts.group(1) + HIDDEN;
    }

    private static String options(String text) {
        List<String> shown = new ArrayList<>();
        for (String part : text.split("&", -1)) {
            if (isHarmless(part)) {
                shown.add(part);
            }
        }
        return shown.isEmpty() ? "" : "?" + String.join("&", shown);
    }

    private static boolean isHarmless(String part) {
        int equals = part.indexOf('=');
        if (equals < 1 || SECRET_INSIDE.matcher(part).find()) {
            return false;
        }
        String name;
        try {
            name = URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return false;
        }
        return RemoteOption.find(name)
                .map(option -> !option.isSecret())
                .orElseGet(() -> EngineOption.find(name).isPresent());
    }
}
