#define _GNU_SOURCE
#include <sys/file.h>

#include "addon.h"

/* lockFile(fd): its one holder until the descriptor is closed, as it is when the process ends. */
napi_value lock_file(napi_env env, napi_callback_info info) {
  int32_t fd;
  if (!read_arguments(env, info, "flock", "i", &fd)) return NULL;
  return outcome(env, flock(fd, LOCK_EX | LOCK_NB));
}
