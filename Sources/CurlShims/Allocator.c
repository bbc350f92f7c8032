#include "CurlShims.h"
#include <stdlib.h>
#include <string.h>

// Blocks of 32 B … 32 KiB, powers of two, kept by the thread that freed them. A header of 16 bytes
// holds the class and the usable size; larger blocks go to malloc and back.
enum { CLASSES = 11, LARGE = CLASSES };

typedef struct {
    size_t class;
    size_t size;
} header;

static _Thread_local void *kept[CLASSES];

static size_t class_of(size_t size) {
    if (size <= 32) return 0;
    size_t class = (size_t)(59 - __builtin_clzll(size - 1));
    return class < CLASSES ? class : LARGE;
}

static void *keeping_malloc(size_t size) {
    size_t class = class_of(size);
    if (class != LARGE && kept[class] != NULL) {
        void **block = kept[class];
        kept[class] = *block;
        return block;
    }
    size_t usable = class == LARGE ? size : (size_t)32 << class;
    header *head = malloc(sizeof(header) + usable);
    if (head == NULL) return NULL;
    head->class = class;
    head->size = usable;
    return head + 1;
}

static void keeping_free(void *block) {
    if (block == NULL) return;
    header *head = (header *)block - 1;
    if (head->class == LARGE) {
        free(head);
        return;
    }
    *(void **)block = kept[head->class];
    kept[head->class] = block;
}

static void *keeping_realloc(void *block, size_t size) {
    if (block == NULL) return keeping_malloc(size);
    size_t usable = ((header *)block - 1)->size;
    if (size <= usable) return block;
    void *larger = keeping_malloc(size);
    if (larger == NULL) return NULL;
    memcpy(larger, block, usable);
    keeping_free(block);
    return larger;
}

static char *keeping_strdup(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = keeping_malloc(size);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}

static void *keeping_calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
    void *block = keeping_malloc(bytes);
    return block == NULL ? NULL : memset(block, 0, bytes);
}

CURLcode shim_global_init(void) {
    return curl_global_init_mem(
        CURL_GLOBAL_ALL, keeping_malloc, keeping_free, keeping_realloc, keeping_strdup,
        keeping_calloc);
}
