// The median round trip through a warm function's pipes: writes the line of a file to a function's stdin
// and waits for the line of its answer, repeatedly. Usage: pipe FUNCTION LINE-FILE COUNT
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int compare(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

int main(int count, char **words) {
    static char line[65536], answer[1 << 20];
    int to[2], from[2];
    if (count != 4 || pipe2(to, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0) return 2;
    int file = open(words[2], O_RDONLY | O_CLOEXEC);
    ssize_t length = read(file, line, sizeof line);
    int rounds = atoi(words[3]);
    double *times = malloc((size_t)rounds * sizeof *times);
    if (length <= 0 || rounds <= 0 || times == NULL) return 2;

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to[0], 0);
    posix_spawn_file_actions_adddup2(&actions, from[1], 1);
    pid_t child;
    if (posix_spawn(&child, words[1], &actions, NULL, (char *[]){words[1], NULL}, environ) != 0) return 1;
    close(to[0]);
    close(from[1]);
    for (int round = 0; round < rounds; round++) {
        double start = now();
        if (write(to[1], line, (size_t)length) != length) return 1;
        ssize_t got;
        do got = read(from[0], answer, sizeof answer);
        while (got > 0 && answer[got - 1] != '\n');
        if (got <= 0) return 1;
        times[round] = now() - start;
    }
    // Its processor time counts as this process's children's once it has ended.
    close(to[1]);
    close(from[0]);
    waitpid(child, NULL, 0);
    qsort(times, (size_t)rounds, sizeof *times, compare);
    printf("%.1f\n", times[rounds / 2]);
    return 0;
}
