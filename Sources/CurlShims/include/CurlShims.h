// Fixed signatures for libcurl's variadic calls, and the kernel calls that Glibc's module map lacks.
// Swift can't call C's variadic functions; each shim passes exactly one argument of one type.
#ifndef CURL_SHIMS_H
#define CURL_SHIMS_H

#include <curl/curl.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

// curl_global_init with an allocator of size classes kept per thread: libcurl makes about 39
// allocations a request, nearly all of the same few sizes. Call once, before any other thread runs.
CURLcode shim_global_init(void);
// Of the library that is loaded, not of the header: "7.88.1".
const char *shim_version(void);

CURLcode shim_easy_set_long(CURL *easy, CURLoption option, long value);
CURLcode shim_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value);
CURLcode shim_easy_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode shim_easy_set_text(CURL *easy, CURLoption option, const char *value);
CURLSHcode shim_share_set(CURLSH *share, CURLSHoption option, curl_lock_data data);

typedef size_t (*shim_write_function)(char *bytes, size_t size, size_t count, void *context);
typedef size_t (*shim_header_function)(char *line, size_t size, size_t count, void *context);
typedef curl_socket_t (*shim_open_function)(
    void *context, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*shim_close_function)(void *context, curl_socket_t socket);
typedef int (*shim_request_function)(
    void *context, char *peer, char *local, int peer_port, int local_port);
typedef int (*shim_debug_function)(
    CURL *easy, curl_infotype type, char *text, size_t count, void *context);
typedef int (*shim_seek_function)(void *context, curl_off_t offset, int origin);
CURLcode shim_easy_on_write(CURL *easy, shim_write_function function, void *context);
CURLcode shim_easy_on_header(CURL *easy, shim_header_function function, void *context);
CURLcode shim_easy_on_open_socket(CURL *easy, shim_open_function function, void *context);
CURLcode shim_easy_on_close_socket(CURL *easy, shim_close_function function, void *context);
CURLcode shim_easy_on_request(CURL *easy, shim_request_function function, void *context);
CURLcode shim_easy_on_debug(CURL *easy, shim_debug_function function, void *context);
CURLcode shim_easy_on_seek(CURL *easy, shim_seek_function function);

// 0 where libcurl does not know.
long shim_easy_long(CURL *easy, CURLINFO info);
curl_off_t shim_easy_offset(CURL *easy, CURLINFO info);
// The connection that is open after a transfer; CURL_SOCKET_BAD where none is.
curl_socket_t shim_easy_socket(CURL *easy);
void *shim_easy_pointer(CURL *easy, CURLINFO info);

typedef int (*shim_socket_function)(
    CURL *easy, curl_socket_t socket, int what, void *context, void *socket_context);
typedef int (*shim_timer_function)(CURLM *multi, long milliseconds, void *context);
CURLMcode shim_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode shim_multi_on_socket(CURLM *multi, shim_socket_function function, void *context);
CURLMcode shim_multi_on_timer(CURLM *multi, shim_timer_function function, void *context);

// The finished transfer's handle and result, or NULL where none has finished.
CURL *shim_multi_next_finished(CURLM *multi, CURLcode *result);

// epoll: `what` is CURL_POLL_IN | CURL_POLL_OUT; -1 and errno on failure.
int shim_epoll_create(void);
int shim_epoll_set(int epoll, int operation, int descriptor, int what);

typedef struct {
    int32_t descriptor;
    // CURL_CSELECT_IN | CURL_CSELECT_OUT | CURL_CSELECT_ERR
    int32_t ready;
} shim_readiness;
#define SHIM_MOST_READY 256
// Waits up to `nanoseconds`; fills `ready` (SHIM_MOST_READY long) and returns how many, 0 when
// interrupted. Exact to the nanosecond where the kernel has epoll_pwait2, else to the millisecond.
int shim_epoll_wait(int epoll, int64_t nanoseconds, shim_readiness *ready);

// The calling thread's timers fire as late as this allows; the kernel's default is 50 µs.
int shim_set_timer_slack(unsigned long nanoseconds);
// A file in memory that has no name; -1 and errno on failure.
int shim_memory_file(const char *name);
// Nanoseconds of CPU that the calling thread has used.
int64_t shim_thread_cpu(void);
// Both ends are closed on exec; -1 and errno on failure.
int shim_pipe(int ends[2]);
// By how much the wall clock may be wrong, as the kernel reckons it, in microseconds (ntp_adjtime).
// 1: something keeps it right; 0: nothing does; -1: the kernel does not tell.
int shim_clock_bound(int64_t *microseconds);

#endif
