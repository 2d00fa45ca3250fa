package io.daybook.bench.report;

/** Text that is safe in a page. */
final class Html {

    private Html() {
    }

    static String text(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /** An element around text. */
    static String element(String name, String raw) {
        return "<" + name + ">" + text(raw) + "</" + name + ">\n";
    }
}
