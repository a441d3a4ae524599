// What Swift's Glibc module leaves out: GNU extensions, and the C library's crypt(3).
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include "CChild.h"

#include <crypt.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/vfs.h>

int pipe2(int descriptors[2], int flags);
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

/// crypt_r(3) and crypt_gensalt_rn(3) with storage that is wiped before they return.
/// Both write a NUL-terminated string to `out` and return 0, or -1 on failure.
int platform_crypt(const char *phrase, const char *setting, char *out, size_t size);
int platform_crypt_setting(const char *prefix, unsigned long cost, char *out, size_t size);

/// The process's environment; Swift 6 does not let `environ` itself be read.
static inline char **platform_environment(void) {
    extern char **environ;
    return environ;
}

#endif
