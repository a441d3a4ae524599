// Replaces what the Swift runtime does before main in a static executable and a function does not need. Both read
// /proc, which an empty root lacks.
#ifndef DEBUG
#include <stddef.h>

// The runtime looks for the crash reporter, and ends the process if there is no /proc. A static executable has no crash
// reporter, so this replaces the runtime's function of that name and saves eight system calls per start.
const char *swift_copyAuxiliaryExecutablePath(const char *name);

const char *swift_copyAuxiliaryExecutablePath(const char *name) {
    (void)name;
    return NULL;
}

// The runtime searches /proc/self/maps for the stack, and the stack for the arguments. glibc passes them to
// constructors, so these functions replace the runtime's; they save five system calls and reading a file per start.
char **_swift_stdlib_getUnsafeArgvArgc(int *count);
void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count);

static char **given;
static int given_count;

__attribute__((constructor)) static void keep_arguments(int count, char **arguments) {
    given = arguments;
    given_count = count;
}

char **_swift_stdlib_getUnsafeArgvArgc(int *count) {
    *count = given_count;
    return given;
}

void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count) { keep_arguments(count, arguments); }
#endif
