"""Says what the Python package hdrhistogram reads in a histogram log; see HistogramLog.java."""

import sys

from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

PERCENTILES = [0, 50, 75, 90, 95, 99, 99.9, 99.99, 100]


def description(histogram):
    words = [
        histogram.get_tag() or "-",
        round(histogram.get_start_time_stamp()),
        round(histogram.get_end_time_stamp() - histogram.get_start_time_stamp()),
        histogram.get_total_count(),
    ]
    words += [histogram.get_value_at_percentile(percentile) for percentile in PERCENTILES]
    words += [
        f"{bucket.value_iterated_to}:{bucket.count_added_in_this_iter_step}"
        for bucket in histogram.get_recorded_iterator()
    ]
    return " ".join(str(word) for word in words)


reader = HistogramLogReader(sys.argv[1], HdrHistogram(1, 3_600_000_000, 3))
while (interval := reader.get_next_interval_histogram()) is not None:
    print(description(interval))
