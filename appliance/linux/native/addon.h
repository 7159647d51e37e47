/* What the parts of the addon share. */
#ifndef DIARCH_ADDON_H
#define DIARCH_ADDON_H

#include <errno.h>
#include <node_api.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
  void *data;
  size_t length;
};

/* Throws an Error with op, target and code. */
void throw_failure(napi_env env, const char *op, const char *target, const char *code,
                   const char *text, const char *advice);

const char *errno_name(int number);

/*
 * Reads the arguments by their kinds into the pointers that follow: i an int32_t, d a double,
 * b a struct bytes (Uint8Array), B the same or null. False when an exception is pending.
 */
int read_arguments(napi_env env, napi_callback_info info, const char *op, const char *kinds, ...);

/* What a system call returned, as a number: below 0 it is -errno. */
napi_value outcome(napi_env env, int64_t result);

napi_value open_socket(napi_env env, napi_callback_info info);
napi_value bind_socket(napi_env env, napi_callback_info info);
napi_value set_option(napi_env env, napi_callback_info info);
napi_value get_option(napi_env env, napi_callback_info info);
napi_value attach_filter(napi_env env, napi_callback_info info);
napi_value send_message(napi_env env, napi_callback_info info);
napi_value receive_message(napi_env env, napi_callback_info info);
napi_value close_descriptor(napi_env env, napi_callback_info info);

napi_value connect_socket(napi_env env, napi_callback_info info);
napi_value open_poll(napi_env env, napi_callback_info info);
napi_value await_connected(napi_env env, napi_callback_info info);
napi_value connected(napi_env env, napi_callback_info info);

napi_value watch(napi_env env, napi_callback_info info);

napi_value open_timer(napi_env env, napi_callback_info info);
napi_value set_timer(napi_env env, napi_callback_info info);
napi_value read_timer(napi_env env, napi_callback_info info);

napi_value blink_port(napi_env env, napi_callback_info info);

napi_value open_line(napi_env env, napi_callback_info info);
napi_value close_line(napi_env env, napi_callback_info info);
napi_value read_line(napi_env env, napi_callback_info info);
napi_value write_line(napi_env env, napi_callback_info info);

napi_value lock_pages(napi_env env, napi_callback_info info);
napi_value lock_file(napi_env env, napi_callback_info info);

napi_value watchdog_identity(napi_env env, napi_callback_info info);
napi_value watchdog_set_timeout(napi_env env, napi_callback_info info);
napi_value watchdog_timeout(napi_env env, napi_callback_info info);
napi_value watchdog_keep_alive(napi_env env, napi_callback_info info);

#endif
