package io.daybook.bench.report;

import java.util.List;

/** A table in a box of its own, in which it scrolls where the screen is narrower. The first column is text, the others are as they come. */
final class Table {

    private final StringBuilder html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>");
    private final int columns;

    Table(String... headings) {
        columns = headings.length;
        for (String heading : headings) {
            html.append("<th scope=\"col\">").append(Html.text(heading)).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
    }

    /** A line over rows that belong together. */
    void group(String text) {
        html.append("<tr class=\"group\"><th colspan=\"").append(columns).append("\" scope=\"rowgroup\"><span>").append(Html.text(text))
                .append("</span></th></tr>\n");
    }

    /** A row of text; cells that begin with a digit are set as numbers. */
    void row(String rowClass, List<String> cells) {
        html.append(rowClass.isEmpty() ? "<tr>" : "<tr class=\"" + rowClass + "\">");
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (i == 0) {
                html.append("<th scope=\"row\">").append(Html.text(cell)).append("</th>");
            } else {
                boolean number = !cell.isEmpty() && (Character.isDigit(cell.charAt(0)) || cell.equals("–"));
                html.append(number ? "<td class=\"number\">" : "<td>").append(Html.text(cell)).append("</td>");
            }
        }
        html.append("</tr>\n");
    }

    String html() {
        return html + "</tbody></table></div>\n";
    }
}
