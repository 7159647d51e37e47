/*
 * What Node cannot say to the kernel: ioctl on a watchdog device. One function per request; every
 * failure is thrown as an Error with op, target and code, and says what to do.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/watchdog.h>
#include <node_api.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#define MESSAGE_SIZE 512

static void set_text(napi_env env, napi_value object, const char *key, const char *text) {
  napi_value value;
  if (napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok)
    napi_set_named_property(env, object, key, value);
}

static void throw_failure(napi_env env, const char *op, const char *target, const char *code,
                          const char *text, const char *advice) {
  char message[MESSAGE_SIZE];
  napi_value words, error;
  snprintf(message, sizeof message, "%s on %s: %s. %s", op, target, text, advice);
  if (napi_create_string_utf8(env, message, NAPI_AUTO_LENGTH, &words) != napi_ok ||
      napi_create_error(env, NULL, words, &error) != napi_ok) {
    napi_throw_error(env, code, op);
    return;
  }
  set_text(env, error, "op", op);
  set_text(env, error, "target", target);
  set_text(env, error, "code", code);
  napi_throw(env, error);
}

static const char *errno_name(int number) {
  const char *name = strerrorname_np(number);
  return name == NULL ? "EUNKNOWN" : name;
}

/* Reads (fd[, number]); false when an exception is pending. */
static int read_numbers(napi_env env, napi_callback_info info, const char *op, size_t expected,
                        int32_t *numbers) {
  napi_value args[2];
  size_t count = 2;
  if (napi_get_cb_info(env, info, &count, args, NULL, NULL) == napi_ok && count >= expected) {
    size_t i;
    for (i = 0; i < expected; i++)
      if (napi_get_value_int32(env, args[i], &numbers[i]) != napi_ok) break;
    if (i == expected) return 1;
  }
  throw_failure(env, op, "its arguments", "EINVAL", "expected numbers",
                "Pass the file descriptor of an open watchdog and, to set it, the seconds.");
  return 0;
}

static void throw_ioctl(napi_env env, const char *op, int fd, int number) {
  char target[32];
  snprintf(target, sizeof target, "file descriptor %d", fd);
  throw_failure(env, op, target, errno_name(number), strerror(number),
                number == ENOTTY || number == EOPNOTSUPP
                    ? "It is no watchdog, or its driver cannot do this: open /dev/watchdog."
                    : "The driver refused: look into the kernel log, try another time limit.");
}

/* watchdogIdentity(fd) -> string */
static napi_value watchdog_identity(napi_env env, napi_callback_info info) {
  static const char op[] = "WDIOC_GETSUPPORT";
  int32_t fd;
  struct watchdog_info support;
  napi_value result;
  if (!read_numbers(env, info, op, 1, &fd)) return NULL;
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
static napi_value watchdog_set_timeout(napi_env env, napi_callback_info info) {
  static const char op[] = "WDIOC_SETTIMEOUT";
  int32_t numbers[2];
  int timeout;
  napi_value result;
  if (!read_numbers(env, info, op, 2, numbers)) return NULL;
  timeout = numbers[1];
  if (ioctl(numbers[0], WDIOC_SETTIMEOUT, &timeout) < 0) {
    throw_ioctl(env, op, numbers[0], errno);
    return NULL;
  }
  if (napi_create_int32(env, timeout, &result) != napi_ok) return NULL;
  return result;
}

/* watchdogTimeout(fd) -> seconds */
static napi_value watchdog_timeout(napi_env env, napi_callback_info info) {
  static const char op[] = "WDIOC_GETTIMEOUT";
  int32_t fd;
  int timeout = 0;
  napi_value result;
  if (!read_numbers(env, info, op, 1, &fd)) return NULL;
  if (ioctl(fd, WDIOC_GETTIMEOUT, &timeout) < 0) {
    throw_ioctl(env, op, fd, errno);
    return NULL;
  }
  if (napi_create_int32(env, timeout, &result) != napi_ok) return NULL;
  return result;
}

/* watchdogKeepAlive(fd) */
static napi_value watchdog_keep_alive(napi_env env, napi_callback_info info) {
  static const char op[] = "WDIOC_KEEPALIVE";
  int32_t fd;
  int unused = 0;
  if (!read_numbers(env, info, op, 1, &fd)) return NULL;
  if (ioctl(fd, WDIOC_KEEPALIVE, &unused) < 0) throw_ioctl(env, op, fd, errno);
  return NULL;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"watchdogIdentity", NULL, watchdog_identity, NULL, NULL, NULL, napi_enumerable, NULL},
      {"watchdogSetTimeout", NULL, watchdog_set_timeout, NULL, NULL, NULL, napi_enumerable, NULL},
      {"watchdogTimeout", NULL, watchdog_timeout, NULL, NULL, NULL, napi_enumerable, NULL},
      {"watchdogKeepAlive", NULL, watchdog_keep_alive, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  if (napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions) !=
      napi_ok)
    napi_throw_error(env, "ENATIVE", "the native functions could not be defined");
  return exports;
}
