import java.io.File;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Random;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Reads and writes histogram logs with HdrHistogram's Java library, and says what is in them.
 *
 *     java -cp hdrhistogram.jar HistogramLog.java read FILE
 *     java -cp hdrhistogram.jar HistogramLog.java write FILE SEED
 *
 * A line an interval: tag, start and length in ms, count, the values at the percentiles below, then each
 * bucket's highest value and count.
 */
class HistogramLog {
    static final double[] PERCENTILES = {0, 50, 75, 90, 95, 99, 99.9, 99.99, 100};
    static final long HOUR = 3_600_000_000L;

    public static void main(String[] arguments) throws Exception {
        File file = new File(arguments[1]);
        if (arguments[0].equals("write")) {
            write(new FileOutputStream(file), Long.parseLong(arguments[2]));
        }
        read(file);
    }

    static void read(File file) throws Exception {
        try (HistogramLogReader reader = new HistogramLogReader(file)) {
            while (reader.hasNext()) {
                EncodableHistogram interval = reader.nextIntervalHistogram();
                if (interval != null) System.out.println(description((Histogram) interval));
            }
        }
    }

    static String description(Histogram histogram) {
        StringBuilder line = new StringBuilder();
        line.append(histogram.getTag() == null ? "-" : histogram.getTag());
        line.append(' ').append(histogram.getStartTimeStamp());
        line.append(' ').append(histogram.getEndTimeStamp() - histogram.getStartTimeStamp());
        line.append(' ').append(histogram.getTotalCount());
        for (double percentile : PERCENTILES) {
            line.append(' ').append(histogram.getValueAtPercentile(percentile));
        }
        for (HistogramIterationValue bucket : histogram.recordedValues()) {
            line.append(' ').append(bucket.getValueIteratedTo());
            line.append(':').append(bucket.getCountAddedInThisIterationStep());
        }
        return line.toString();
    }

    /** Series of many kinds: none, one and many values, both ends of the range, large counts. */
    static void write(OutputStream stream, long seed) {
        Random random = new Random(seed);
        HistogramLogWriter writer = new HistogramLogWriter(stream);
        long start = 1_700_000_000_250L;
        writer.outputComment("[Logged with HistogramLog.java, seed " + seed + "]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(start);
        writer.outputLegend();
        for (int second = 0; second < 3; second++) {
            String[] tags = {null, "card/accepted", "card/in_doubt", "whole-range"};
            for (int series = 0; series < tags.length; series++) {
                Histogram histogram = new Histogram(1, HOUR, 3);
                histogram.setTag(tags[series]);
                histogram.setStartTimeStamp(start + 1000 * second);
                histogram.setEndTimeStamp(start + 1000 * (second + 1));
                fill(histogram, random, series);
                writer.outputIntervalHistogram(histogram);
            }
        }
        writer.close();
    }

    static void fill(Histogram histogram, Random random, int kind) {
        switch (kind) {
            case 0 -> { }
            case 1 -> {
                for (int i = 0; i < 1000; i++) {
                    histogram.recordValue((long) (20_000 * Math.exp(0.5 * random.nextGaussian())));
                }
            }
            case 2 -> histogram.recordValue(random.nextInt(10_000_000));
            default -> {
                histogram.recordValue(0);
                histogram.recordValue(HOUR);
                for (int i = 0; i < 50; i++) {
                    long value = (long) Math.exp(random.nextDouble() * Math.log(HOUR));
                    histogram.recordValueWithCount(value, 1 + random.nextInt(1 << 30));
                }
            }
        }
    }
}
