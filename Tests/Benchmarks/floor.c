// The floor of a cold call: a static C program that reads and answers a fixed line.
#include <unistd.h>

int main(void) {
    static char line[65536];
    if (read(0, line, sizeof line) < 0) return 1;
    return write(1, "{}\n", 3) == 3 ? 0 : 1;
}
