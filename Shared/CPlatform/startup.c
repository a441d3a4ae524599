// Before main, Swift's runtime looks for the program that explains crashes, and ends the process where
// there is no /proc to look in: in an empty root. A static executable has no such program beside it, so
// this stands in for the runtime's own function of that name, and spares each start eight system calls.
#ifndef DEBUG
#include <stddef.h>

const char *swift_copyAuxiliaryExecutablePath(const char *name);

const char *swift_copyAuxiliaryExecutablePath(const char *name) {
    (void)name;
    return NULL;
}
#endif
