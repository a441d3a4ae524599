// Starting a program as a child process with limits. Between vfork and exec only async-signal-safe calls may run, which
// Swift cannot promise.
#ifndef CCHILD_H
#define CCHILD_H

#include <stdint.h>
#include <sys/types.h>

/// How to start a child.
struct platform_child {
    /// The program's path; it is not looked up in PATH.
    const char *path;
    /// Both end with NULL.
    char *const *arguments;
    char *const *environment;
    /// The child's descriptors 0, 1, 2, …; all others are closed there.
    const int *descriptors;
    int descriptor_count;
    /// RLIMIT_AS in bytes and RLIMIT_CPU in seconds; 0 for none.
    uint64_t memory;
    uint64_t processor_seconds;
    /// Whether the child is killed when the thread that starts it ends.
    int ends_with_parent;
};

/// Starts the child in a process group of its own, with default signal dispositions and without core dumps. Returns its
/// process id, or -1 with the reason in `errno`, including that of execve(2).
pid_t platform_start_child(const struct platform_child *child);

/// pidfd_open(2): a descriptor that becomes readable when the process ends. -1 where there is none.
int platform_process_descriptor(pid_t process);

/// Whether the child has ended. It still has to be waited for.
int platform_has_ended(pid_t process);

/// memfd_create(2), close-on-exec. -1 with `errno`.
int platform_memory_file(const char *name);

#endif
