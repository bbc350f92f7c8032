// What libcurl itself costs a request: the tightest loop over its multi interface that still does
// what a load generator must do for each request. paybench is measured against this.
//
//     floor URL SECONDS
//
// 64 requests are under way at any time, each a POST of 180 bytes on a connection that is kept.
// Prints: requests errors cpu_us_per_request p50_us_at_most
#define _GNU_SOURCE
#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { transfers = 64, most_sockets = 1024, most_events = 64 };

static const char body[] =
    "{\"paymentId\":\"0123456789abcdef0123456789abcdef\",\"clientType\":1,"
    "\"paymentMethod\":{\"type\":\"scheme\",\"token\":\"tok-123456789\"},"
    "\"returnUrl\":\"https://shop.example.test/return\",\"version\":1}";
_Static_assert(sizeof body - 1 == 180, "the body has 180 bytes");

struct transfer {
    CURL *easy;
    uint64_t started;
};

// What epoll reports of a socket, and what libcurl waits for, as CURL_POLL values.
struct interest {
    int registered, wanted;
};

static struct transfer all[transfers];
static struct interest interests[most_sockets];
static CURLM *multi;
static int epoll;
static uint64_t timer = UINT64_MAX; // when libcurl wants to be called without a socket
static uint64_t now;                // read once a turn
static uint64_t requests, errors;
static int under_way;
static uint64_t octaves[64]; // response times in ns by their highest bit

static uint64_t read_clock(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static size_t drop_answer(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes, (void)context;
    return size * count;
}

// At the end of a transfer libcurl lets go of the socket, and asks for it again with the next one.
// Leaving it in epoll meanwhile saves two system calls a request.
static int on_interest(CURL *easy, curl_socket_t socket, int what, void *context, void *own) {
    (void)easy, (void)context, (void)own;
    if (socket >= most_sockets) return -1;
    struct interest *interest = &interests[socket];
    interest->wanted = what == CURL_POLL_REMOVE ? 0 : what;
    if (interest->wanted == 0 || interest->wanted == interest->registered) return 0;

    struct epoll_event event = {
        .events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u),
        .data.fd = socket,
    };
    epoll_ctl(epoll, interest->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    interest->registered = what;
    return 0;
}

// The kernel forgets a closed descriptor by itself; its number will be used again.
static int on_close(void *context, curl_socket_t socket) {
    (void)context;
    if (socket < most_sockets) interests[socket] = (struct interest){0};
    return close(socket);
}

static int on_timer(CURLM *of, long milliseconds, void *context) {
    (void)of, (void)context;
    timer = milliseconds < 0 ? UINT64_MAX
            : milliseconds == 0 ? 0
                                : now + (uint64_t)milliseconds * 1000000u;
    return 0;
}

static void act(curl_socket_t socket, int ready) {
    int running;
    curl_multi_socket_action(multi, socket, ready, &running);
}

static void begin(struct transfer *transfer) {
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE, (long)sizeof body - 1);
    transfer->started = read_clock();
    curl_multi_add_handle(multi, transfer->easy);
    under_way++;
}

static struct transfer *end(const CURLMsg *message) {
    CURL *easy = message->easy_handle;
    CURLcode result = message->data.result; // gone once the handle is removed
    struct transfer *transfer;
    long status, connections;
    curl_off_t total, first_byte, sent_after, received;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &total);
    curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte);
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &sent_after);
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &received);

    requests++;
    if (result != CURLE_OK || status != 200) errors++;
    octaves[63 - __builtin_clzll((read_clock() - transfer->started) | 1)]++;
    curl_multi_remove_handle(multi, easy);
    under_way--;
    return transfer;
}

// Takes what finished and begins it anew, at once, until `until`.
static void turn_over(uint64_t until) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left))) {
        struct transfer *transfer = end(message);
        if (now < until) begin(transfer);
    }
    for (int i = 0; i < 4 && timer == 0; i++) {
        timer = UINT64_MAX;
        act(CURL_SOCKET_TIMEOUT, 0);
    }
}

static void turn(uint64_t until) {
    struct epoll_event events[most_events];
    int count = epoll_wait(epoll, events, most_events, timer == 0 ? 0 : 100);
    now = read_clock();
    for (int i = 0; i < count; i++) {
        int socket = events[i].data.fd;
        if (interests[socket].wanted == 0) { // the peer closed an idle connection
            epoll_ctl(epoll, EPOLL_CTL_DEL, socket, NULL);
            interests[socket].registered = 0;
            continue;
        }
        uint32_t is = events[i].events;
        act(socket, (is & EPOLLIN ? CURL_CSELECT_IN : 0) | (is & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                        (is & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0));
        turn_over(until);
    }
    if (timer <= now) {
        timer = UINT64_MAX;
        act(CURL_SOCKET_TIMEOUT, 0);
    }
    turn_over(until);
}

static CURL *make_easy(CURLU *url, struct curl_slist *headers, struct transfer *transfer) {
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_CURLU, url); // parsed once
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_answer);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); // and no look-up in the environment
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, -1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    return easy;
}

static double median_at_most_us(void) {
    uint64_t seen = 0;
    for (int octave = 0; octave < 63; octave++)
        if ((seen += octaves[octave]) * 2 >= requests) return (double)(2ull << octave) / 1e3;
    return 0;
}

int main(int count, char **arguments) {
    if (count != 3) return fprintf(stderr, "floor URL SECONDS\n"), 64;
    curl_global_init(CURL_GLOBAL_ALL);
    CURLU *url = curl_url();
    if (curl_url_set(url, CURLUPART_URL, arguments[1], 0)) return fprintf(stderr, "bad URL\n"), 64;
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");

    epoll = epoll_create1(EPOLL_CLOEXEC);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_interest);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)transfers);

    for (int i = 0; i < transfers; i++) all[i].easy = make_easy(url, headers, &all[i]);
    double cpu = cpu_seconds();
    now = read_clock();
    uint64_t until = now + (uint64_t)(atof(arguments[2]) * 1e9);
    for (int i = 0; i < transfers; i++) begin(&all[i]);
    turn_over(until);
    while (under_way > 0) turn(until);
    cpu = cpu_seconds() - cpu;

    printf("%lu %lu %.3f %.0f\n", requests, errors, cpu * 1e6 / (double)requests,
           median_at_most_us());
    for (int i = 0; i < transfers; i++) curl_easy_cleanup(all[i].easy);
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    curl_url_cleanup(url);
    return errors == 0 ? 0 : 1;
}
