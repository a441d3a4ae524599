#define _GNU_SOURCE
#include "CLookup.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// The thread's argument, which it frees.
struct lookup {
    int report;
    char host[];
};

/// A pipe holds 64 KiB. Addresses beyond that are dropped, and none is written partially.
enum { maximum_addresses = 256, stack_size = 512 << 10 };

static void write_address(int report, const struct sockaddr *address) {
    unsigned char record[17];
    if (address->sa_family == AF_INET) {
        record[0] = 4;
        memcpy(record + 1, &((const struct sockaddr_in *)address)->sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        record[0] = 16;
        memcpy(record + 1, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
    } else {
        return;
    }
    while (write(report, record, (size_t)record[0] + 1) < 0 && errno == EINTR) {}
}

static void *look_up(void *argument) {
    struct lookup *lookup = argument;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    if (getaddrinfo(lookup->host, NULL, &hints, &list) == 0) {
        int count = 0;
        for (struct addrinfo *next = list; next != NULL && count < maximum_addresses; next = next->ai_next, count++)
            write_address(lookup->report, next->ai_addr);
        freeaddrinfo(list);
    }
    close(lookup->report);
    free(lookup);
    return NULL;
}

int platform_look_up(const char *host) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) return -1;
    struct lookup *lookup = malloc(sizeof *lookup + strlen(host) + 1);
    int failure = lookup == NULL ? ENOMEM : 0;
    if (failure == 0) {
        lookup->report = ends[1];
        strcpy(lookup->host, host);
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        pthread_attr_setstacksize(&attributes, stack_size);
        // The thread takes no signals, not even SIGPIPE for a closed pipe.
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        pthread_t thread;
        failure = pthread_create(&thread, &attributes, look_up, lookup);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        pthread_attr_destroy(&attributes);
    }
    if (failure == 0) return ends[0];
    free(lookup);
    close(ends[0]);
    close(ends[1]);
    errno = failure;
    return -1;
}
