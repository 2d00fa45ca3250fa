package io.daybook.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.apache.batik.svggen.SVGIDGenerator;

/**
 * A plot with its title, a note that names the axes, and a legend. It is painted once for each width; the style sheet shows the one that
 * fits, because a wide plot scaled down to a telephone has labels that nobody can read.
 *
 * @param full true if it takes the whole width of a large screen, false if two stand side by side
 * @param legend whose lines must be told apart; empty: the drawing names them itself
 * @param rows number of rows of bars; 0: it is no bar plot
 */
record Figure(String title, String note, boolean full, List<Entrant> legend, Drawing drawing, int rows) {

    private static final int ROW_HEIGHT = 24;
    private static final int AXIS_HEIGHT = 36;

    /** The widths, in pixels; names are those of classes in the style sheet. */
    private enum Size {
        WIDE(1080, 420), MIDDLE(530, 340), NARROW(346, 300);

        private final int width;
        private final int height;

        Size(int width, int height) {
            this.width = width;
            this.height = height;
        }
    }

    String html(SVGIDGenerator ids) {
        StringBuilder html = new StringBuilder("<figure class=\"").append(full ? "full" : "half").append("\">\n<figcaption><b>")
                .append(Html.text(title)).append("</b> ").append(Html.text(note)).append("</figcaption>\n");
        if (!legend.isEmpty()) {
            html.append("<ul class=\"legend\">");
            for (Entrant each : new TreeSet<>(legend)) {
                html.append("<li>").append(Drawing.sample(each, ids)).append(' ').append(Html.text(each.title())).append("</li>");
            }
            html.append("</ul>\n");
        }
        for (Size size : Size.values()) {
            if (full || size != Size.WIDE) {
                int height = rows > 0 ? rows * ROW_HEIGHT + AXIS_HEIGHT : size.height;
                html.append("<div class=\"plot ").append(size.name().toLowerCase(Locale.ROOT)).append("\">")
                        .append(drawing.svg(size.width, height, title + " " + note, ids)).append("</div>\n");
            }
        }
        return html.append("</figure>\n").toString();
    }
}
