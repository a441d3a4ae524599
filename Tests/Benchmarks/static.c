// The baseline of a CGI request: a static C program that does nothing. It describes itself, so that a server's
// configuration can include it like any function.
#include <string.h>
#include <unistd.h>

static int say(const char *text) {
    size_t length = strlen(text);
    return write(1, text, length) == (ssize_t)length ? 0 : 1;
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "--describe") == 0)
        return say(
            "{\"name\":\"static\",\"method\":\"GET\",\"path\":\"/static\",\"streams\":false,"
            "\"maxBodyBytes\":0,\"timeoutSeconds\":1}\n");
    return say("Status: 200 OK\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n{}\n");
}
