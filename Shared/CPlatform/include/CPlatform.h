// What Swift's Glibc module leaves out: GNU extensions, and the C library's crypt(3).
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include "CChild.h"
#include "CLookup.h"
#include "CVector.h"

#include <crypt.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/vfs.h>

int pipe2(int descriptors[2], int flags);
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

/// syncfs(2), and renameat2(2) with RENAME_NOREPLACE (1) or RENAME_EXCHANGE (2).
int syncfs(int descriptor);
int renameat2(int old_folder, const char *old_path, int new_folder, const char *new_path, unsigned flags);

/// From now on, SIGTERM does not end the process at once: it interrupts the system call that waits, and is to be
/// asked for.
void platform_hold_termination(void);
/// Whether SIGTERM came since.
int platform_is_terminated(void);
/// From now on, SIGTERM ends the process at once again.
void platform_release_termination(void);

/// crypt_r(3) and crypt_gensalt_rn(3) with storage that is wiped before they return.
/// Both write a NUL-terminated string to `out` and return 0, or -1 on failure.
int platform_crypt(const char *phrase, const char *setting, char *out, size_t size);
int platform_crypt_setting(const char *prefix, unsigned long cost, char *out, size_t size);

/// Takes (F_WRLCK, F_RDLCK) or gives back (F_UNLCK) a record lock of this open file (fcntl(2), F_OFD_SETLK), and waits
/// for it for so many milliseconds at most; 0 to not wait at all. 0, or -1 with errno set: EAGAIN when it took too long.
/// Waiting takes SIGALRM and the real-time interval timer.
int platform_record_lock(int descriptor, short type, int64_t start, int64_t length, int milliseconds);

/// Gives the first bytes of a file a place on the disk (fallocate(2)). 0, or -1 with errno set; EOPNOTSUPP where the file
/// system cannot.
int platform_allocate(int descriptor, int64_t length);

/// Makes processes whose parent has ended children of this one (prctl(2), PR_SET_CHILD_SUBREAPER).
void platform_adopt_orphans(void);

/// Whether this process was started with that signal ignored, or ignores it.
int platform_is_ignored(int signal);

/// Limits of another process of the same user (prlimit(2)): RLIMIT_DATA; no core dumps; RLIMIT_CPU, so many
/// seconds of processor time from now on, after which SIGXCPU ends it. 0, or -1 with `errno`.
int platform_limit_memory(pid_t process, uint64_t bytes);
int platform_limit_core(pid_t process);
int platform_limit_processor(pid_t process, uint64_t seconds);

/// The process's environment; Swift 6 does not let `environ` itself be read.
static inline char **platform_environment(void) {
    extern char **environ;
    return environ;
}

#endif
