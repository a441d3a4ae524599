// What Swift's runtime does before main in a static executable, and what a function can do without: both
// read /proc, which an empty root does not have.
#ifndef DEBUG
#include <stddef.h>

// The runtime looks for the program that explains crashes, and ends the process where there is no /proc to
// look in. A static executable has no such program beside it, so this stands in for the runtime's own function
// of that name, and spares each start eight system calls.
const char *swift_copyAuxiliaryExecutablePath(const char *name);

const char *swift_copyAuxiliaryExecutablePath(const char *name) {
    (void)name;
    return NULL;
}

// The runtime searches /proc/self/maps for the stack, and the stack for the arguments. glibc hands them to
// whatever runs before main, so these stand in for the runtime's own functions; they spare each start five
// system calls and the reading of a file.
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
