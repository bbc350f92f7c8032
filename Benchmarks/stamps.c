// When requests really arrive: a server that notes the kernel's receive stamp of each, and the
// comparison of such stamps with a plan.
//
//     stamps serve FILE [DELAY [AFTER FOR]]    prints its port; answers every POST at once, or DELAY
//                                              µs after it was read; AFTER µs after the first one it
//                                              stands still, for FOR µs; at SIGTERM writes one stamp
//                                              a line, in ns since 1970
//     stamps compare FILE STARTED_AT RATE      prints: count p50 p99 max, of |deviation| in µs
//
// STARTED_AT is as in summary.json; request n of the plan is due n / RATE later.
// The stamps are taken when a packet arrives, not when this program gets to read it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { most_connections = 16384, most_bytes = 4096, most_stamps = 4000000, most_events = 256 };
enum { most_pending = 1 << 16 };

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             "Content-Length: 33\r\n\r\n"
                             "{\"data\":\"ok\",\"responseStatus\":{}}";

// A request as far as it came, by descriptor.
struct connection {
    char *bytes;
    int count;
    int64_t arrived;
    int generation; // of the descriptor, so that no answer goes to who got it next
};

// An answer that is not due yet. The delay is one for all, so the first to come is the first due.
struct pending {
    int64_t due;
    int socket, generation;
};

static struct connection connections[most_connections];
static int64_t *stamps;
static size_t stamp_count;
static struct pending pending[most_pending];
static unsigned first_pending, next_pending; // modulo most_pending
static int64_t delay;
static int64_t calm, stall, stall_begin; // the last is an instant, 0 before the first request
static volatile sig_atomic_t stopped;

static void on_signal(int number) { (void)number, stopped = 1; }

static int fail(const char *what) {
    perror(what);
    return 1;
}

static int64_t nanoseconds(struct timespec time) {
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// Reads, and gives the stamp of what was read; the clock's time where the kernel took none.
static ssize_t receive(int socket, char *bytes, size_t room, int64_t *stamp) {
    union {
        char bytes[CMSG_SPACE(sizeof(struct scm_timestamping))];
        struct cmsghdr alignment;
    } control;
    struct iovec part = {bytes, room};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t count = recvmsg(socket, &message, 0);
    for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); item; item = CMSG_NXTHDR(&message, item))
        if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_TIMESTAMPING) {
            struct scm_timestamping times;
            memcpy(&times, CMSG_DATA(item), sizeof times);
            if (times.ts[0].tv_sec) return *stamp = nanoseconds(times.ts[0]), count;
        }
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    *stamp = nanoseconds(time);
    return count;
}

// Bytes of the first request in `bytes`, NUL-terminated; 0 while it is incomplete.
static int request_length(const char *bytes, int count) {
    const char *end = strstr(bytes, "\r\n\r\n");
    if (!end) return 0;
    const char *line = strcasestr(bytes, "\r\nContent-Length:");
    int length = (int)(end + 4 - bytes) + (line && line < end ? atoi(line + 17) : 0);
    return length <= count ? length : 0;
}

static void hang_up(int socket) {
    close(socket);
    connections[socket].count = 0;
    connections[socket].generation++;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return nanoseconds(time);
}

// Answers, or notes when to. False: the connection is gone.
static int reply(int socket) {
    if (delay && next_pending - first_pending < most_pending) {
        pending[next_pending++ % most_pending] =
            (struct pending){now() + delay, socket, connections[socket].generation};
        return 1;
    }
    if (write(socket, answer, sizeof answer - 1) == sizeof answer - 1) return 1;
    hang_up(socket);
    return 0;
}

static void answer_what_is_due(void) {
    while (first_pending != next_pending) {
        struct pending oldest = pending[first_pending % most_pending];
        if (oldest.due > now()) return;
        first_pending++;
        if (connections[oldest.socket].generation != oldest.generation) continue;
        if (write(oldest.socket, answer, sizeof answer - 1) != sizeof answer - 1)
            hang_up(oldest.socket);
    }
}

// Once, `calm` ns after the first request: for `stall` ns nothing is taken, read or answered.
static void stand_still_once(void) {
    if (!stall || !stamp_count) return;
    if (!stall_begin) stall_begin = now() + calm;
    if (now() < stall_begin) return;
    int64_t end = stall_begin + stall;
    struct timespec until = {end / 1000000000, end % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) && !stopped) {}
    stall = 0;
}

// Until the oldest answer is due, 100 ms at most.
static struct timespec patience(void) {
    int64_t left = 100000000;
    if (first_pending != next_pending) {
        int64_t until_due = pending[first_pending % most_pending].due - now();
        left = until_due < 0 ? 0 : until_due < left ? until_due : left;
    }
    return (struct timespec){0, left};
}

static void serve_socket(int socket) {
    struct connection *of = &connections[socket];
    int64_t stamp;
    ssize_t got =
        receive(socket, of->bytes + of->count, (size_t)(most_bytes - 1 - of->count), &stamp);
    if (got <= 0) return hang_up(socket);
    if (of->count == 0) of->arrived = stamp;
    of->count += (int)got;
    of->bytes[of->count] = 0;

    int length;
    while ((length = request_length(of->bytes, of->count)) > 0) {
        if (stamp_count < most_stamps) stamps[stamp_count++] = of->arrived;
        of->arrived = stamp;
        of->count -= length;
        memmove(of->bytes, of->bytes + length, (size_t)of->count + 1);
        if (!reply(socket)) return;
    }
    if (of->count == most_bytes - 1) hang_up(socket);
}

static void ask_for_stamps(int socket) {
    int what = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE, one = 1;
    setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPING, &what, sizeof what);
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static void watch(int epoll, int socket) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
    epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

static void accept_all(int listener, int epoll) {
    int socket;
    while ((socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (socket >= most_connections) {
            close(socket);
            continue;
        }
        ask_for_stamps(socket);
        if (!connections[socket].bytes) connections[socket].bytes = malloc(most_bytes);
        watch(epoll, socket);
    }
}

static int listen_on_free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ask_for_stamps(listener); // inherited, so that not even the first request goes unstamped
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) ||
        listen(listener, 4096) || getsockname(listener, (struct sockaddr *)&address, &size))
        return -1;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static int write_stamps(const char *path) {
    FILE *file = fopen(path, "w");
    if (!file) return fail(path);
    for (size_t i = 0; i < stamp_count; i++) fprintf(file, "%ld\n", stamps[i]);
    return fclose(file) ? fail(path) : 0;
}

static int serve(const char *path) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, on_signal);
    memset(stamps, 1, most_stamps * sizeof *stamps); // no page fault later on
    prctl(PR_SET_TIMERSLACK, 1);
    int listener = listen_on_free_port();
    if (listener < 0) return fail("listen");
    int epoll = epoll_create1(0);
    watch(epoll, listener);
    while (!stopped) {
        struct epoll_event events[most_events];
        struct timespec most = patience();
        int count = epoll_pwait2(epoll, events, most_events, &most, NULL);
        stand_still_once();
        answer_what_is_due();
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == listener) accept_all(listener, epoll);
            else serve_socket(events[i].data.fd);
        }
    }
    return write_stamps(path);
}

static int by_size(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

// `2026-08-01T12:01:02.000345Z` in ns since 1970.
static int64_t read_instant(const char *text) {
    struct tm parts = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);
    double fraction = rest && *rest == '.' ? atof(rest) : 0;
    return (int64_t)timegm(&parts) * 1000000000 + (int64_t)(fraction * 1e9 + 0.5);
}

static int compare(const char *path, int64_t started, double rate) {
    FILE *file = fopen(path, "r");
    if (!file) return fail(path);
    while (stamp_count < most_stamps && fscanf(file, "%ld", &stamps[stamp_count]) == 1)
        stamp_count++;
    fclose(file);
    if (stamp_count == 0) return fprintf(stderr, "%s holds no stamps\n", path), 1;
    qsort(stamps, stamp_count, sizeof *stamps, by_size);
    for (size_t i = 0; i < stamp_count; i++)
        stamps[i] = llabs(stamps[i] - started - (int64_t)((double)i * 1e9 / rate + 0.5));
    qsort(stamps, stamp_count, sizeof *stamps, by_size);
    printf("%zu %.1f %.1f %.1f\n", stamp_count, (double)stamps[stamp_count / 2] / 1e3,
           (double)stamps[stamp_count * 99 / 100] / 1e3, (double)stamps[stamp_count - 1] / 1e3);
    return 0;
}

int main(int count, char **arguments) {
    stamps = malloc(most_stamps * sizeof *stamps);
    if (!stamps) return fail("memory");
    int serves = count > 1 && !strcmp(arguments[1], "serve");
    if (serves && count >= 4) delay = atoll(arguments[3]) * 1000;
    if (serves && count == 6) {
        calm = atoll(arguments[4]) * 1000;
        stall = atoll(arguments[5]) * 1000;
    }
    if (serves && (count == 3 || count == 4 || count == 6)) return serve(arguments[2]);
    if (count == 5 && !strcmp(arguments[1], "compare"))
        return compare(arguments[2], read_instant(arguments[3]), atof(arguments[4]));
    fprintf(stderr, "stamps serve FILE [DELAY [AFTER FOR]] | stamps compare FILE STARTED_AT RATE\n");
    return 64;
}
