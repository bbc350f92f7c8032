#define _GNU_SOURCE
#include "CurlShims.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

int shim_epoll_create(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

int shim_epoll_set(int epoll, int operation, int descriptor, int what) {
    struct epoll_event event = {
        .events = ((what & CURL_POLL_IN) ? EPOLLIN : 0) | ((what & CURL_POLL_OUT) ? EPOLLOUT : 0),
        .data.fd = descriptor,
    };
    return epoll_ctl(epoll, operation, descriptor, &event);
}

static int wait_nanoseconds(int epoll, struct epoll_event *events, int64_t nanoseconds) {
    static _Atomic int lacks_pwait2;
    if (nanoseconds == 0) return epoll_wait(epoll, events, SHIM_MOST_READY, 0);
    if (!lacks_pwait2) {
        struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
        int count = epoll_pwait2(epoll, events, SHIM_MOST_READY, &limit, NULL);
        if (count >= 0 || errno != ENOSYS) return count;
        lacks_pwait2 = 1;
    }
    return epoll_wait(epoll, events, SHIM_MOST_READY, (int)((nanoseconds + 999999) / 1000000));
}

int shim_epoll_wait(int epoll, int64_t nanoseconds, shim_readiness *ready) {
    struct epoll_event events[SHIM_MOST_READY];
    int count = wait_nanoseconds(epoll, events, nanoseconds < 0 ? 0 : nanoseconds);
    if (count < 0) return errno == EINTR ? 0 : -1;
    for (int index = 0; index < count; index++) {
        uint32_t seen = events[index].events;
        ready[index].descriptor = events[index].data.fd;
        ready[index].ready = ((seen & EPOLLIN) ? CURL_CSELECT_IN : 0)
            | ((seen & EPOLLOUT) ? CURL_CSELECT_OUT : 0)
            | ((seen & (EPOLLERR | EPOLLHUP)) ? CURL_CSELECT_ERR : 0);
    }
    return count;
}

int shim_set_timer_slack(unsigned long nanoseconds) {
    return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}

int shim_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC);
}

int64_t shim_thread_cpu(void) {
    struct timespec used;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) != 0) return 0;
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

int shim_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

int shim_clock_bound(int64_t *microseconds) {
    struct timex facts = {.modes = 0};
    if (ntp_adjtime(&facts) < 0) return -1;
    *microseconds = facts.maxerror;
    return (facts.status & STA_UNSYNC) == 0;
}
