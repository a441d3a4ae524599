// What Swift's Glibc module omits: GNU extensions and crypt(3).
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include "CChild.h"
#include "CHash.h"
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

/// Defers SIGTERM: from now on it only interrupts blocking system calls. Poll platform_is_terminated().
void platform_hold_termination(void);
/// Whether SIGTERM arrived while deferred.
int platform_is_terminated(void);
/// From now on, SIGTERM ends the process immediately.
void platform_release_termination(void);

/// crypt_r(3) and crypt_gensalt_rn(3) with storage that is wiped before they return. Both write a NUL-terminated string
/// to `out` and return 0, or -1 on failure.
int platform_crypt(const char *phrase, const char *setting, char *out, size_t size);
int platform_crypt_setting(const char *prefix, unsigned long cost, char *out, size_t size);

/// Takes (F_WRLCK, F_RDLCK) or releases (F_UNLCK) a record lock of this open file (fcntl(2), F_OFD_SETLK). Waits at
/// most the given milliseconds; 0 does not wait. Returns 0, or -1 with errno set: EAGAIN on timeout. Waiting uses
/// SIGALRM and the real-time interval timer.
int platform_record_lock(int descriptor, short type, int64_t start, int64_t length, int milliseconds);

/// Allocates disk space for the first bytes of a file (fallocate(2)). Returns 0, or -1 with errno set; EOPNOTSUPP if
/// the file system cannot.
int platform_allocate(int descriptor, int64_t length);

/// Adopts processes whose parent has ended (prctl(2), PR_SET_CHILD_SUBREAPER).
void platform_adopt_orphans(void);

/// Whether this process ignores the signal, possibly since its start.
int platform_is_ignored(int signal);

/// Limits another process of the same user (prlimit(2)): RLIMIT_DATA in bytes; no core dumps; RLIMIT_CPU as seconds of
/// processor time from now on, after which SIGXCPU ends it. Return 0, or -1 with `errno` set.
int platform_limit_memory(pid_t process, uint64_t bytes);
int platform_limit_core(pid_t process);
int platform_limit_processor(pid_t process, uint64_t seconds);

/// The process's environment; Swift 6 does not allow reading `environ` itself.
static inline char **platform_environment(void) {
    extern char **environ;
    return environ;
}

#endif
