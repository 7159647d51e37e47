#define _GNU_SOURCE
#include <sys/mman.h>

#include "addon.h"

/*
 * lockPages(start, length): pages there that are in memory, or come into it, stay. Not mlockall:
 * it would pin what V8 only reserves, which ends in an abort.
 */
napi_value lock_pages(napi_env env, napi_callback_info info) {
  double start, length;
  if (!read_arguments(env, info, "mlock2", "dd", &start, &length)) return NULL;
  return outcome(env, mlock2((const void *)(uintptr_t)start, (size_t)length, MLOCK_ONFAULT));
}
