// Resolves host names without blocking: getaddrinfo(3) has no asynchronous form for static executables, and blocks for
// half a minute if a name server does not answer.
#ifndef CLOOKUP_H
#define CLOOKUP_H

/// Resolves a host on its own thread. Returns a non-blocking descriptor from which each address can be read as one
/// length byte (4 or 16) and its bytes in network order, until end of file. It may be closed at any time. Returns -1
/// with `errno` set if no thread can be started.
int platform_look_up(const char *host);

#endif
