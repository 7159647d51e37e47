/* ioctl on a watchdog device: what Node cannot say to it. */
#define _GNU_SOURCE
#include <linux/watchdog.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "addon.h"

static void throw_ioctl(napi_env env, const char *op, int fd, int number) {
  char target[32];
  snprintf(target, sizeof target, "file descriptor %d", fd);
  throw_failure(env, op, target, errno_name(number), strerror(number),
                number == ENOTTY || number == EOPNOTSUPP
                    ? "It is no watchdog, or its driver cannot do this: open /dev/watchdog."
                    : "The driver refused: look into the kernel log, try another time limit.");
}

/* watchdogIdentity(fd) -> string */
napi_value watchdog_identity(napi_env env, napi_callback_info info) {
  static const char op[] = "WDIOC_GETSUPPORT";
  int32_t fd;
  struct watchdog_info support;
  napi_value result;
  if (!read_arguments(env, info, op, "i", &fd)) return NULL;
  memset(&support, 0, sizeof support);
  if (ioctl(fd, WDIOC_GETSUPPORT, &support) < 0) {
    throw_ioctl(env, op, fd, errno);
    return NULL;
  }
  /* The kernel does not promise a terminating zero. */
  if (napi_create_string_utf8(env, (const char *)support.identity,
                              strnlen((const char *)support.identity, sizeof support.identity),
                              &result) != napi_ok)
    return NULL;
  return result;
}

/* watchdogSetTimeout(fd, seconds) -> the seconds that the driver made of it */
napi_value watchdog_set_timeout(napi_env env, napi_callback_info info) {
  static const char op[] = "WDIOC_SETTIMEOUT";
  int32_t fd, timeout;
  napi_value result;
  if (!read_arguments(env, info, op, "ii", &fd, &timeout)) return NULL;
  if (ioctl(fd, WDIOC_SETTIMEOUT, &timeout) < 0) {
    throw_ioctl(env, op, fd, errno);
    return NULL;
  }
  if (napi_create_int32(env, timeout, &result) != napi_ok) return NULL;
  return result;
}

/* watchdogTimeout(fd) -> seconds */
napi_value watchdog_timeout(napi_env env, napi_callback_info info) {
  static const char op[] = "WDIOC_GETTIMEOUT";
  int32_t fd;
  int timeout = 0;
  napi_value result;
  if (!read_arguments(env, info, op, "i", &fd)) return NULL;
  if (ioctl(fd, WDIOC_GETTIMEOUT, &timeout) < 0) {
    throw_ioctl(env, op, fd, errno);
    return NULL;
  }
  if (napi_create_int32(env, timeout, &result) != napi_ok) return NULL;
  return result;
}

/* watchdogKeepAlive(fd) */
napi_value watchdog_keep_alive(napi_env env, napi_callback_info info) {
  static const char op[] = "WDIOC_KEEPALIVE";
  int32_t fd;
  int unused = 0;
  if (!read_arguments(env, info, op, "i", &fd)) return NULL;
  if (ioctl(fd, WDIOC_KEEPALIVE, &unused) < 0) throw_ioctl(env, op, fd, errno);
  return NULL;
}
