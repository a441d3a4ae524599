// Looking a host's addresses up without waiting: getaddrinfo(3) has no such form that static
// executables can use, and a name server that never answers takes it half a minute.
#ifndef CLOOKUP_H
#define CLOOKUP_H

/// Looks a host up on a thread of its own. Returns a descriptor to read, which does not block: it gives each
/// address as one byte with its length, 4 or 16, and its bytes in network order, and then the end of the file.
/// Close it whenever you like. -1 with `errno` when no thread can be started.
int platform_look_up(const char *host);

#endif
