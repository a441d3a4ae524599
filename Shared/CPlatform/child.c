#define _GNU_SOURCE
#include "CChild.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// Moves the descriptors to where the child expects them, and closes all others.
static int place_descriptors(const struct platform_child *child) {
    int count = child->descriptor_count;
    int moved[count];
    // Move them out of the way first: one's source may be another's target.
    for (int index = 0; index < count; index++) {
        int source = child->descriptors[index];
        moved[index] = source >= count ? source : fcntl(source, F_DUPFD, count);
        if (moved[index] < 0) return -1;
    }
    for (int index = 0; index < count; index++)
        if (dup2(moved[index], index) < 0) return -1;
    if (close_range((unsigned)count, ~0U, 0) == 0) return 0;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -1;
    for (rlim_t next = (rlim_t)count; next < limit.rlim_cur; next++) close((int)next);
    return 0;
}

static int limit(__rlimit_resource_t resource, uint64_t value) {
    struct rlimit limits = {value, value};
    return setrlimit(resource, &limits);
}

static int apply_limits(const struct platform_child *child) {
    limit(RLIMIT_CORE, 0);
    if (child->processor_seconds > 0) {
        // The soft limit sends SIGXCPU, the hard one kills.
        struct rlimit limits = {child->processor_seconds, child->processor_seconds + 1};
        if (setrlimit(RLIMIT_CPU, &limits) < 0) return -1;
    }
    return child->memory > 0 ? limit(RLIMIT_AS, child->memory) : 0;
}

static void reset_signals(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Becomes the program, or leaves the reason why it cannot in `reason`. The child runs in the parent's memory until then,
/// so it changes nothing else there.
_Noreturn static __attribute__((noinline)) void become(const struct platform_child *child, pid_t parent, volatile int *reason) {
    setpgid(0, 0);
    if ((!child->ends_with_parent || (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent))
        && place_descriptors(child) == 0 && apply_limits(child) == 0) {
        reset_signals();
        execve(child->path, child->arguments, child->environment);
    }
    *reason = errno;
    _exit(127);
}

pid_t platform_start_child(const struct platform_child *child) {
    // If the parent ignores SIGCHLD, which is inherited, it cannot wait for its children.
    struct sigaction current;
    if (sigaction(SIGCHLD, NULL, &current) == 0 && current.sa_handler == SIG_IGN) signal(SIGCHLD, SIG_DFL);

    pid_t parent = getpid();
    sigset_t all, before;
    sigfillset(&all);
    // No handler of the parent may run in the child.
    sigprocmask(SIG_SETMASK, &all, &before);
    volatile int reason = 0;
    // vfork(2), because fork(2) takes longer the more memory this process has. It returns here once the child has become
    // the program or has ended.
    pid_t process = vfork();
    if (process == 0) become(child, parent, &reason);
    if (process < 0) reason = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (reason == 0) return process;
    if (process > 0)
        while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
    errno = reason;
    return -1;
}

int platform_process_descriptor(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

int platform_has_ended(pid_t process) {
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)process, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == process;
}

int platform_memory_file(const char *name) {
    return memfd_create(name, MFD_CLOEXEC);
}
