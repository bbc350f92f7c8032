/* Says what HdrHistogram_c reads in a histogram log; see HistogramLog.java. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hdr/hdr_histogram.h>
#include <hdr/hdr_histogram_log.h>

static const double percentiles[] = {0, 50, 75, 90, 95, 99, 99.9, 99.99, 100};

static int64_t milliseconds(hdr_timespec time)
{
    return (int64_t) time.tv_sec * 1000 + llround(time.tv_nsec / 1e6);
}

static void describe(const struct hdr_log_entry *entry, struct hdr_histogram *histogram)
{
    struct hdr_iter bucket;
    printf("%s %" PRId64 " %" PRId64 " %" PRId64, entry->tag[0] ? entry->tag : "-",
           milliseconds(entry->start_timestamp), milliseconds(entry->interval),
           histogram->total_count);
    for (size_t i = 0; i < sizeof percentiles / sizeof *percentiles; i++)
        printf(" %" PRId64, hdr_value_at_percentile(histogram, percentiles[i]));
    hdr_iter_recorded_init(&bucket, histogram);
    while (hdr_iter_next(&bucket))
        printf(" %" PRId64 ":%" PRId64, bucket.highest_equivalent_value, bucket.count);
    printf("\n");
}

int main(int count, char **arguments)
{
    struct hdr_log_reader reader;
    FILE *file = count == 2 ? fopen(arguments[1], "r") : NULL;
    if (file == NULL || hdr_log_reader_init(&reader) || hdr_log_read_header(&reader, file))
        return 1;
    for (;;) {
        char tag[256] = "";
        struct hdr_log_entry entry = {.tag = tag, .tag_len = sizeof tag};
        struct hdr_histogram *histogram = NULL;
        int result = hdr_log_read_entry(&reader, file, &entry, &histogram);
        if (result == EOF)
            return 0;
        if (result != 0)
            return 2;
        describe(&entry, histogram);
        hdr_close(histogram);
    }
}
