#define _GNU_SOURCE
#include "CPlatform.h"

#include <stdlib.h>
#include <string.h>

int platform_crypt(const char *phrase, const char *setting, char *out, size_t size) {
    // struct crypt_data is 32 KiB: too much for a small stack, and it must be wiped.
    struct crypt_data *data = calloc(1, sizeof *data);
    if (data == NULL) return -1;
    const char *hash = crypt_rn(phrase, setting, data, sizeof *data);
    int result = -1;
    if (hash != NULL && hash[0] != '*' && strlen(hash) < size) {
        memcpy(out, hash, strlen(hash) + 1);
        result = 0;
    }
    explicit_bzero(data, sizeof *data);
    free(data);
    return result;
}

int platform_crypt_setting(const char *prefix, unsigned long cost, char *out, size_t size) {
    // NULL random bytes: libxcrypt takes them from the kernel itself.
    return crypt_gensalt_rn(prefix, cost, NULL, 0, out, (int)size) == NULL ? -1 : 0;
}
