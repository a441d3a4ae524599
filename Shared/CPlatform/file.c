#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

static int64_t milliseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void interrupt(int signal) { (void)signal; }

int platform_record_lock(int descriptor, short type, int64_t start, int64_t length, int milliseconds) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    int result = fcntl(descriptor, F_OFD_SETLK, &lock);
    if (result == 0 || (errno != EAGAIN && errno != EACCES) || milliseconds <= 0) return result;

    // Without SA_RESTART, so that the signal ends the wait. The timer repeats, in case the first signal arrives just
    // before the wait.
    struct sigaction action = {.sa_handler = interrupt}, previous;
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, &previous);
    // Some callers leave it blocked.
    sigset_t alarms, mask;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    sigprocmask(SIG_UNBLOCK, &alarms, &mask);
    struct itimerval timer = {
        .it_value = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000},
        .it_interval = {.tv_usec = 10000},
    }, none = {0};
    int64_t deadline = milliseconds_now() + milliseconds;
    setitimer(ITIMER_REAL, &timer, NULL);
    do {
        result = fcntl(descriptor, F_OFD_SETLKW, &lock);
    } while (result < 0 && errno == EINTR && milliseconds_now() < deadline);
    int reason = errno;
    setitimer(ITIMER_REAL, &none, NULL);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGALRM, &previous, NULL);
    errno = result < 0 && reason == EINTR ? EAGAIN : reason;
    return result;
}

int platform_allocate(int descriptor, int64_t length) {
    return fallocate(descriptor, 0, 0, length);
}
