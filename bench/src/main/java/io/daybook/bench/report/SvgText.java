package io.daybook.bench.report;

import java.awt.font.FontRenderContext;
import java.io.StringWriter;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** A painted canvas as an element of a page: colours become CSS variables, and each label gets the width that it was measured with. */
final class SvgText {

    /** Numbers of the colours that are not those of a contender. */
    static final int TEXT = 100;
    static final int GRID = 101;

    private static final FontRenderContext MEASURE = new FontRenderContext(null, true, true);
    private static final String[] PAINTS = {"fill", "stroke"};

    private SvgText() {
    }

    /** The SVG element, to be shown at most as wide as it was painted, with a text for those who cannot see it. */
    static String of(SvgCanvas canvas, int width, int height, String description) {
        Element root = canvas.getRoot();
        root.setAttribute("viewBox", "0 0 " + width + " " + height);
        root.setAttribute("width", Integer.toString(width));
        root.setAttribute("height", Integer.toString(height));
        root.setAttribute("role", "img");
        root.setAttribute("aria-label", description);
        mend(root);
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter out = new StringWriter();
            transformer.transform(new DOMSource(root), new StreamResult(out));
            return out.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException("A plot could not be written as SVG", e);
        }
    }

    /** How wide a label is, in pixels. */
    static double width(String text) {
        return SvgCanvas.FONT.getStringBounds(text, MEASURE).getWidth();
    }

    private static void mend(Element element) {
        StringBuilder style = new StringBuilder();
        for (String paint : PAINTS) {
            String variable = variable(element.getAttribute(paint));
            if (variable != null) {
                element.removeAttribute(paint);
                style.append(paint).append(":var(--").append(variable).append(");");
            }
        }
        if (style.length() > 0) {
            element.setAttribute("style", style.toString());
        }
        if (element.getTagName().equals("text")) {
            // Whatever font the reader's machine has, the label stays within the room that was measured for it here.
            element.setAttribute("textLength", Long.toString(Math.round(width(element.getTextContent()))));
            element.setAttribute("lengthAdjust", "spacingAndGlyphs");
        }
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                mend(inner);
            }
        }
    }

    /** The name of the CSS variable behind a colour as Batik writes it; null if it is a colour of its own. */
    private static String variable(String colour) {
        String prefix = "rgb(1,1,";
        if (!colour.startsWith(prefix)) {
            return null;
        }
        int number = Integer.parseInt(colour.substring(prefix.length(), colour.length() - 1));
        return number == TEXT ? "text" : number == GRID ? "grid" : "c" + number;
    }
}
