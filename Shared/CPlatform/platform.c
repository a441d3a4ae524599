#define _GNU_SOURCE
#include "CPlatform.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <string.h>

int platform_crypt_setting(const char *prefix, unsigned long cost, char *out, size_t size) {
    // NULL random bytes: libxcrypt gets them from the kernel.
    return crypt_gensalt_rn(prefix, cost, NULL, 0, out, (int)size) == NULL ? -1 : 0;
}

static volatile sig_atomic_t is_terminated;

static void note_termination(int signal) {
    (void)signal;
    is_terminated = 1;
}

void platform_hold_termination(void) {
    // Without SA_RESTART, so that a write to a peer that does not read ends.
    struct sigaction action = {.sa_handler = note_termination};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    // Some callers start children with it blocked.
    sigset_t termination;
    sigemptyset(&termination);
    sigaddset(&termination, SIGTERM);
    sigprocmask(SIG_UNBLOCK, &termination, NULL);
}

int platform_is_terminated(void) {
    return is_terminated;
}

void platform_release_termination(void) {
    signal(SIGTERM, SIG_DFL);
}

void platform_adopt_orphans(void) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

int platform_is_ignored(int signal) {
    struct sigaction current;
    return sigaction(signal, NULL, &current) == 0 && current.sa_handler == SIG_IGN;
}

static int limit_process(pid_t process, __rlimit_resource_t resource, uint64_t soft, uint64_t hard) {
    struct rlimit limits = {soft, hard};
    return prlimit(process, resource, &limits, NULL);
}

int platform_limit_memory(pid_t process, uint64_t bytes) {
    return limit_process(process, RLIMIT_DATA, bytes, bytes);
}

int platform_limit_core(pid_t process) {
    return limit_process(process, RLIMIT_CORE, 0, 0);
}

int platform_limit_processor(pid_t process, uint64_t seconds) {
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &used) != 0) return -1;
    // Keep the hard limit, so that even an unprivileged caller can raise the soft one later.
    struct rlimit limits;
    if (prlimit(process, RLIMIT_CPU, NULL, &limits) < 0) return -1;
    limits.rlim_cur = (rlim_t)used.tv_sec + 1 + seconds;
    if (limits.rlim_cur > limits.rlim_max) limits.rlim_cur = limits.rlim_max;
    return prlimit(process, RLIMIT_CPU, &limits, NULL);
}
