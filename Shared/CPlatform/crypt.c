#define _GNU_SOURCE
#include "CPlatform.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// yescrypt works in 16 MiB that libxcrypt maps for each password and unmaps afterwards. Having the kernel clear them
// each time takes as long as the hashing. libxcrypt cannot be given memory, so mmap and munmap have replacements here,
// which the linker finds before those of the C library. While a password is hashed they keep the mapping for the next
// one; otherwise they are the plain system calls. The mapping is excluded from core dumps and children.
static _Thread_local int is_hashing;
#ifndef DEBUG
static _Thread_local struct {
    void *start;
    size_t length;
    int is_free;
} kept;

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    int is_scratch = is_hashing && address == NULL && descriptor == -1;
    if (is_scratch && kept.is_free && kept.length == length) {
        kept.is_free = 0;
        return kept.start;
    }
    long result = syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
    if (result == -1) return MAP_FAILED;
    void *start = (void *)result;
    if (is_scratch && kept.start == NULL) {
        kept.start = start;
        kept.length = length;
        madvise(start, length, MADV_HUGEPAGE);
        madvise(start, length, MADV_DONTDUMP);
        madvise(start, length, MADV_DONTFORK);
    }
    return start;
}

int munmap(void *address, size_t length) {
    if (is_hashing && address == kept.start && length == kept.length) {
        kept.is_free = 1;
        return 0;
    }
    if (address == kept.start) kept.start = NULL;
    return (int)syscall(SYS_munmap, address, length);
}
#endif

int platform_crypt(const char *phrase, const char *setting, char *out, size_t size) {
    // struct crypt_data is 32 KiB: too much for a small stack, and it must be wiped.
    struct crypt_data *data = calloc(1, sizeof *data);
    if (data == NULL) return -1;
    is_hashing = 1;
    const char *hash = crypt_rn(phrase, setting, data, sizeof *data);
    is_hashing = 0;
    int result = -1;
    if (hash != NULL && hash[0] != '*' && strlen(hash) < size) {
        memcpy(out, hash, strlen(hash) + 1);
        result = 0;
    }
    explicit_bzero(data, sizeof *data);
    free(data);
    return result;
}
