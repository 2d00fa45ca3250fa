package io.daybook.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import org.apache.batik.svggen.SVGIDGenerator;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Annotation;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines and bars between two axes, to be painted as often as there are widths. Titles and legend are not part of it: as HTML they wrap.
 */
final class Drawing {

    private static final Color NOTHING = new Color(0, 0, 0, 0);
    private static final Marker[] MARKERS = {SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.DIAMOND, SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.TRIANGLE_DOWN, SeriesMarkers.CROSS, SeriesMarkers.PLUS};
    private static final int MARKER_SIZE = 7;
    /** A line of more points needs no markers to be seen, and would hide behind them. */
    private static final int FEW_POINTS = 12;
    private static final float[] DASHES = {5, 3};
    /** Half of the gap between two bars. */
    private static final double BAR = 0.36;
    /** How much of an axis, in marks, lies before the first and behind the last of them. */
    private static final double MARGIN = 0.04;

    /** What is drawn at which positions; a bar is the area within them. */
    private record Shape(Entrant entrant, boolean bar, double[] xs, double[] ys) {
    }

    private record Label(double x, double y, String text) {
    }

    private final Scale x;
    private final Scale y;
    private final List<Shape> shapes = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();

    Drawing(Scale x, Scale y) {
        this.x = x;
        this.y = y;
    }

    /** A line through these values. */
    void line(Entrant entrant, double[] xs, double[] ys) {
        shapes.add(new Shape(entrant, false, positions(x, xs), positions(y, ys)));
    }

    /** A bar from the left edge to a value, in the row of a name, with a text at its end and a thin line from lowest to highest. */
    void bar(Entrant entrant, int row, double[] lowestMedianHighest, String text) {
        double end = x.position(lowestMedianHighest[1]);
        shapes.add(new Shape(entrant, true, new double[] {0, end, end, 0}, new double[] {row - BAR, row - BAR, row + BAR, row + BAR}));
        double[] range = {Math.max(0, x.position(lowestMedianHighest[0])), x.position(lowestMedianHighest[2])};
        shapes.add(new Shape(null, false, range, new double[] {row, row}));
        labels.add(new Label(range[1], row, text));
    }

    private static double[] positions(Scale scale, double[] values) {
        double[] positions = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            positions[i] = scale.position(values[i]);
        }
        return positions;
    }

    /** Paints it. */
    String svg(int width, int height, String description, SVGIDGenerator ids) {
        SvgCanvas canvas = SvgCanvas.open(ids);
        XYChart chart = new XYChartBuilder().width(width).height(height).build();
        style(chart.getStyler());
        canvas.expect(x.labels(), false);
        canvas.expect(y.labels(), true);
        frame(chart);
        double end = x.marks() - 1 + room(width);
        chart.getStyler().setXAxisMax(end);
        chart.getStyler().setxAxisTickLabelsFormattingFunction(at -> x.label(at, end));
        for (int i = 0; i < shapes.size(); i++) {
            add(chart, shapes.get(i), i);
        }
        labels.forEach(label -> chart.addAnnotation(new EndOfBar(chart, label)));
        chart.paint(canvas, width, height);
        return SvgText.of(canvas, width, height, description);
    }

    /** How much of the axis lies behind its last mark: as much as half of that mark's label, or a text behind the longest bar, needs. */
    private double room(int width) {
        double names = y.labels().stream().mapToDouble(SvgText::width).max().orElse(0);
        double pixels = SvgText.width(x.labels().get(x.marks() - 1)) / 2;
        for (Label label : labels) {
            pixels = Math.max(pixels, SvgText.width(label.text) - (x.marks() - 1 - label.x) / (x.marks() - 1) * (width - names) * 0.6);
        }
        return (pixels + 12) / (width - names - pixels - 32) * (x.marks() - 1);
    }

    private void style(XYStyler styler) {
        styler.setLegendVisible(false).setChartTitleVisible(false).setChartBackgroundColor(NOTHING).setChartPadding(9)
                .setPlotBackgroundColor(NOTHING).setPlotBorderVisible(false).setPlotContentSize(1)
                .setChartFontColor(SvgCanvas.named(SvgText.TEXT)).setAnnotationTextFontColor(SvgCanvas.named(SvgText.TEXT));
        styler.setAxisTickLabelsFont(SvgCanvas.FONT).setAxisTickLabelsColor(SvgCanvas.named(SvgText.TEXT))
                .setAxisTickMarksColor(SvgCanvas.named(SvgText.GRID)).setPlotGridLinesColor(SvgCanvas.named(SvgText.GRID))
                .setPlotGridLinesStroke(new BasicStroke(1)).setXAxisTickMarkSpacingHint(10).setYAxisTickMarkSpacingHint(10)
                .setPlotMargin(0).setAxisTickPadding(5).setAxisTitlesVisible(false);
        styler.setXAxisTickLabelsColor(SvgCanvas.named(SvgText.TEXT)).setYAxisTickLabelsColor(SvgCanvas.named(SvgText.TEXT))
                .setXAxisTickMarksColor(SvgCanvas.named(SvgText.GRID)).setYAxisTickMarksColor(SvgCanvas.named(SvgText.GRID));
        styler.setyAxisTickLabelsFormattingFunction(at -> y.label(at, y.marks() - 1));
        styler.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right)
                .setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Left).setAxisTicksMarksVisible(false);
        styler.setPlotGridHorizontalLinesVisible(labels.isEmpty()).setMarkerSize(MARKER_SIZE);
        styler.setXAxisMin(-edge(x)).setYAxisMin(-edge(y)).setYAxisMax(y.marks() - 1 + edge(y));
    }

    /** Names need room for half a bar, a value's axis begins just before its first mark. */
    private static double edge(Scale scale) {
        return scale.kind().equals("names") ? 0.52 : MARGIN;
    }

    /** XChart takes values in equal steps for the wanted marks; two that are never seen, close together, keep it from doing so. */
    private void frame(XYChart chart) {
        double[] twice = {MARGIN / 4, MARGIN / 2};
        XYSeries frame = chart.addSeries("frame", twice, twice);
        frame.setLineColor(NOTHING);
        frame.setMarker(SeriesMarkers.NONE);
    }

    private void add(XYChart chart, Shape shape, int number) {
        XYSeries series = chart.addSeries(Integer.toString(number), shape.xs, shape.ys);
        Color colour = SvgCanvas.named(shape.entrant == null ? SvgText.TEXT : shape.entrant.colour());
        series.setLineColor(shape.bar ? NOTHING : colour);
        series.setMarkerColor(colour);
        series.setMarker(SeriesMarkers.NONE);
        if (shape.bar) {
            series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea).setFillColor(colour);
        } else if (shape.entrant == null) {
            series.setLineStyle(new BasicStroke(1));
        } else {
            series.setLineStyle(stroke(shape.entrant));
            if (shape.xs.length <= FEW_POINTS) {
                series.setMarker(marker(shape.entrant));
            }
        }
    }

    private static Marker marker(Entrant entrant) {
        return MARKERS[entrant.colour() % MARKERS.length];
    }

    /** Daybook's line is thicker, and floors' are dashed. */
    private static BasicStroke stroke(Entrant entrant) {
        return new BasicStroke(entrant.isDaybook() ? 2.6f : 1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10,
                entrant.floor() ? DASHES : null, 0);
    }

    /** A piece of an entrant's line with its marker, for a legend. */
    static String sample(Entrant entrant, SVGIDGenerator ids) {
        int width = 30;
        int height = 12;
        SvgCanvas canvas = SvgCanvas.open(ids);
        canvas.setColor(SvgCanvas.named(entrant.colour()));
        canvas.setStroke(stroke(entrant));
        canvas.drawLine(0, height / 2, width, height / 2);
        marker(entrant).paint(canvas, width / 2.0, height / 2.0, MARKER_SIZE);
        return SvgText.of(canvas, width, height, entrant.title());
    }

    /** The text behind a bar. */
    private static final class EndOfBar extends Annotation {

        private final XYChart chart;
        private final Label label;

        EndOfBar(XYChart chart, Label label) {
            super(false);
            this.chart = chart;
            this.label = label;
        }

        @Override
        public void paint(Graphics2D g) {
            g.setColor(SvgCanvas.named(SvgText.TEXT));
            ((SvgCanvas) g).write(label.text, chart.getScreenXFromChart(label.x) + 5, chart.getScreenYFromChart(label.y));
        }
    }
}
