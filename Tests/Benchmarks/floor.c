// The baseline of a cold call: a static C program that reads a line and answers with a fixed one.
#include <unistd.h>

int main(void) {
    static char line[65536];
    if (read(0, line, sizeof line) < 0) return 1;
    return write(1, "{}\n", 3) == 3 ? 0 : 1;
}
