package io.daybook.bench.report;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A table in a box of its own, in which it scrolls where the screen is narrower. A column in which no row has anything is left out.
 */
final class Table {

    /** What stands in a cell of which nothing is known. */
    static final String NONE = "–";

    /** A group's heading has one cell. */
    private record Line(String rowClass, List<String> cells) {
    }

    private final List<String> headings;
    private final List<Line> lines = new ArrayList<>();
    private boolean prose;

    Table(String... headings) {
        this.headings = List.of(headings);
    }

    /** Lets the last column hold sentences, which wrap. */
    Table withProse() {
        prose = true;
        return this;
    }

    /** A line over rows that belong together. */
    void group(String text) {
        lines.add(new Line("group", List.of(text)));
    }

    /** A row of text; columns whose cells begin with a digit are set as numbers. */
    void row(String rowClass, List<String> cells) {
        lines.add(new Line(rowClass, cells));
    }

    String html() {
        BitSet shown = new BitSet();
        BitSet numbers = new BitSet();
        for (int column = 0; column < headings.size(); column++) {
            for (Line line : lines) {
                boolean cell = line.cells.size() > 1;
                if (cell && !line.cells.get(column).equals(NONE)) {
                    shown.set(column);
                    numbers.set(column, numbers.get(column) || startsWithDigit(line.cells.get(column)));
                }
            }
        }
        numbers.clear(0);
        if (prose) {
            numbers.clear(headings.size() - 1);
        }
        StringBuilder html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\"><table").append(prose ? " class=\"prose\"" : "")
                .append(">\n<thead><tr>");
        cells(html, "th scope=\"col\"", headings, shown, numbers);
        html.append("</tr></thead>\n<tbody>\n");
        for (Line line : lines) {
            html.append(line.rowClass.isEmpty() ? "<tr>" : "<tr class=\"" + line.rowClass + "\">");
            if (line.cells.size() == 1) {
                html.append("<th colspan=\"").append(shown.cardinality()).append("\" scope=\"rowgroup\"><span>")
                        .append(Html.text(line.cells.get(0))).append("</span></th>");
            } else {
                cells(html, "td", line.cells, shown, numbers);
            }
            html.append("</tr>\n");
        }
        return html + "</tbody></table></div>\n";
    }

    private static void cells(StringBuilder html, String element, List<String> cells, BitSet shown, BitSet numbers) {
        for (int i = shown.nextSetBit(0); i >= 0; i = shown.nextSetBit(i + 1)) {
            String tag = i == 0 && element.equals("td") ? "th scope=\"row\"" : element;
            html.append('<').append(tag).append(numbers.get(i) ? " class=\"number\">" : ">").append(Html.text(cells.get(i)))
                    .append("</").append(tag, 0, 2).append('>');
        }
    }

    private static boolean startsWithDigit(String cell) {
        return !cell.isEmpty() && Character.isDigit(cell.charAt(0));
    }
}
