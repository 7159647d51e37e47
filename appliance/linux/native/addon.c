/*
 * What Node cannot say to the kernel. Small and general: one function per system call, addresses
 * and options as bytes; what they mean is said in TypeScript. Those of the fast path never throw
 * for what the kernel answers: they return -errno.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "addon.h"

#define MESSAGE_SIZE 512
#define MOST_ARGUMENTS 4

static void set_text(napi_env env, napi_value object, const char *key, const char *text) {
  napi_value value;
  if (napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok)
    napi_set_named_property(env, object, key, value);
}

void throw_failure(napi_env env, const char *op, const char *target, const char *code,
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

const char *errno_name(int number) {
  const char *name = strerrorname_np(number);
  return name == NULL ? "EUNKNOWN" : name;
}

static int read_bytes(napi_env env, napi_value value, int may_be_null, struct bytes *into) {
  napi_typedarray_type type;
  napi_valuetype kind;
  if (may_be_null && napi_typeof(env, value, &kind) == napi_ok && kind == napi_null) {
    into->data = NULL;
    into->length = 0;
    return 1;
  }
  return napi_get_typedarray_info(env, value, &type, &into->length, &into->data, NULL, NULL) ==
             napi_ok &&
         type == napi_uint8_array;
}

int read_arguments(napi_env env, napi_callback_info info, const char *op, const char *kinds, ...) {
  napi_value args[MOST_ARGUMENTS];
  size_t count = MOST_ARGUMENTS, i;
  va_list into;
  int right = napi_get_cb_info(env, info, &count, args, NULL, NULL) == napi_ok;
  right = right && count >= strlen(kinds);
  va_start(into, kinds);
  for (i = 0; right && kinds[i] != '\0'; i++) {
    switch (kinds[i]) {
    case 'i': right = napi_get_value_int32(env, args[i], va_arg(into, int32_t *)) == napi_ok; break;
    case 'd': right = napi_get_value_double(env, args[i], va_arg(into, double *)) == napi_ok; break;
    case 'b': right = read_bytes(env, args[i], 0, va_arg(into, struct bytes *)); break;
    case 'B': right = read_bytes(env, args[i], 1, va_arg(into, struct bytes *)); break;
    default: right = 0;
    }
  }
  va_end(into);
  if (right) return 1;
  throw_failure(env, op, "its arguments", "EINVAL", "they are not of the kinds that it takes",
                "Pass what appliance/linux/native/binding.ts says.");
  return 0;
}

napi_value outcome(napi_env env, int64_t result) {
  napi_value value;
  int number = errno;
  if (napi_create_int64(env, result < 0 ? -(int64_t)number : result, &value) != napi_ok)
    return NULL;
  return value;
}

#define FUNCTION(name, function) \
  { name, NULL, function, NULL, NULL, NULL, napi_enumerable, NULL }

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      FUNCTION("openSocket", open_socket),
      FUNCTION("bindSocket", bind_socket),
      FUNCTION("setOption", set_option),
      FUNCTION("getOption", get_option),
      FUNCTION("attachFilter", attach_filter),
      FUNCTION("send", send_message),
      FUNCTION("receive", receive_message),
      FUNCTION("closeDescriptor", close_descriptor),
      FUNCTION("connectSocket", connect_socket),
      FUNCTION("openPoll", open_poll),
      FUNCTION("awaitConnected", await_connected),
      FUNCTION("connected", connected),
      FUNCTION("watch", watch),
      FUNCTION("openTimer", open_timer),
      FUNCTION("setTimer", set_timer),
      FUNCTION("readTimer", read_timer),
      FUNCTION("blinkPort", blink_port),
      FUNCTION("openLine", open_line),
      FUNCTION("closeLine", close_line),
      FUNCTION("readLine", read_line),
      FUNCTION("writeLine", write_line),
      FUNCTION("lockPages", lock_pages),
      FUNCTION("lockFile", lock_file),
      FUNCTION("watchdogIdentity", watchdog_identity),
      FUNCTION("watchdogSetTimeout", watchdog_set_timeout),
      FUNCTION("watchdogTimeout", watchdog_timeout),
      FUNCTION("watchdogKeepAlive", watchdog_keep_alive),
  };
  if (napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions) !=
      napi_ok)
    napi_throw_error(env, "ENATIVE", "the native functions could not be defined");
  return exports;
}
