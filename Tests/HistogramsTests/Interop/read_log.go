// Says what hdrhistogram-go reads in a histogram log; see HistogramLog.java.
package main

import (
	"fmt"
	"os"

	"github.com/HdrHistogram/hdrhistogram-go"
)

var percentiles = []float64{0, 50, 75, 90, 95, 99, 99.9, 99.99, 100}

func describe(histogram *hdrhistogram.Histogram) {
	tag := histogram.Tag()
	if tag == "" {
		tag = "-"
	}
	start := histogram.StartTimeMs()
	fmt.Print(tag, " ", start, " ", histogram.EndTimeMs()-start, " ", histogram.TotalCount())
	for _, percentile := range percentiles {
		fmt.Print(" ", histogram.ValueAtPercentile(percentile))
	}
	for _, bar := range histogram.Distribution() {
		if bar.Count > 0 {
			fmt.Printf(" %d:%d", bar.To, bar.Count)
		}
	}
	fmt.Println()
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	reader := hdrhistogram.NewHistogramLogReader(file)
	for {
		histogram, err := reader.NextIntervalHistogram()
		if err != nil {
			panic(err)
		}
		if histogram == nil {
			return
		}
		describe(histogram)
	}
}
