package io.daybook.bench.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Paint;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.font.TextLayout;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Batik's SVG canvas, mended where what XChart paints on it would not be good SVG: labels arrive as outlines of their letters and become
 * text again, a curve arrives as a hundred lines and becomes one path, and what is fully transparent is left out.
 */
final class SvgCanvas extends SVGGraphics2D {

    /** The one font of all plots; {@code sans-serif} in the page. */
    static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final int DECIMALS = 2;

    /** Half of the height of a capital letter. */
    private static final float MIDDLE = FONT.getSize2D() * 0.36f;

    /** A label, and how far below where it is painted its base line belongs. */
    private record Label(String text, float down) {
    }

    private final Map<String, Label> labelOfOutline = new HashMap<>();
    private Path2D.Double curve;
    private Paint curvePaint;
    private Stroke curveStroke;

    private SvgCanvas(SVGGeneratorContext context) {
        super(context, false);
    }

    /** An empty canvas; the ids of all canvases of a page come from one generator. */
    static SvgCanvas open(SVGIDGenerator ids) {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(emptyDocument());
        context.setIDGenerator(ids);
        context.setPrecision(DECIMALS);
        context.setComment(null);
        SVGGeneratorContext.GraphicContextDefaults defaults = new SVGGeneratorContext.GraphicContextDefaults();
        defaults.setFont(FONT);
        context.setGraphicContextDefaults(defaults);
        return new SvgCanvas(context);
    }

    private static Document emptyDocument() {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().getDOMImplementation().createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("This JVM cannot make an XML document", e);
        }
    }

    /**
     * Expects that the outlines of the labels of an axis will be filled. XChart places a label by the box around its letters, so that one
     * with a {@code p} in it would stand higher than its neighbours; they get one base line.
     */
    void expect(List<String> labels, boolean upright) {
        for (String label : labels) {
            Shape outline = new TextLayout(label, FONT, getFontRenderContext()).getOutline(null);
            Rectangle2D box = upright ? outline.getBounds() : outline.getBounds2D();
            labelOfOutline.put(key(outline), new Label(label, (float) (upright ? MIDDLE - box.getHeight() / 2 : box.getMaxY())));
        }
    }

    /** Writes a text to the right of a point, at its height. */
    void write(String text, double left, double middle) {
        drawString(text, (float) left, (float) middle + MIDDLE);
    }

    @Override
    public void fill(Shape shape) {
        endCurve();
        if (getColor().getAlpha() == 0) {
            return;
        }
        Label label = labelOfOutline.get(key(shape));
        if (label == null) {
            super.fill(shape);
        } else {
            drawString(label.text, 0f, label.down);
        }
    }

    @Override
    public void draw(Shape shape) {
        if (getColor().getAlpha() == 0) {
            return;
        }
        if (!(shape instanceof Line2D line)) {
            endCurve();
            super.draw(shape);
            return;
        }
        if (!continues(line)) {
            endCurve();
            curve = new Path2D.Double();
            curve.moveTo(line.getX1(), line.getY1());
            curvePaint = getPaint();
            curveStroke = getStroke();
        }
        curve.lineTo(line.getX2(), line.getY2());
    }

    private boolean continues(Line2D line) {
        if (curve == null || !curvePaint.equals(getPaint()) || !curveStroke.equals(getStroke())) {
            return false;
        }
        Point2D end = curve.getCurrentPoint();
        return end.getX() == line.getX1() && end.getY() == line.getY1();
    }

    private void endCurve() {
        if (curve != null) {
            Shape path = curve;
            curve = null;
            Paint paint = getPaint();
            Stroke stroke = getStroke();
            setPaint(curvePaint);
            setStroke(curveStroke);
            super.draw(path);
            setPaint(paint);
            setStroke(stroke);
        }
    }

    @Override
    public void drawString(String text, float x, float y) {
        endCurve();
        setFont(FONT);
        super.drawString(text, x, y);
    }

    @Override
    public void setClip(Shape clip) {
        endCurve();
        super.setClip(clip);
    }

    @Override
    public Element getRoot() {
        endCurve();
        return super.getRoot();
    }

    /** A colour that is only a name: the page says what it looks like. */
    static Color named(int number) {
        return new Color(1, 1, number);
    }

    private static String key(Shape shape) {
        StringBuilder key = new StringBuilder();
        double[] points = new double[6];
        for (PathIterator path = shape.getPathIterator(null); !path.isDone(); path.next()) {
            Arrays.fill(points, 0);
            key.append(path.currentSegment(points));
            for (double point : points) {
                key.append(' ').append((float) point);
            }
        }
        return key.toString();
    }
}
