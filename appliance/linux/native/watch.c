/*
 * Tells JavaScript when a file descriptor can be read, in Node's own event loop. Level-triggered:
 * what is left unread is told again.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <uv.h>

#include "addon.h"

/* Lives until the loop has let go of the handle and JavaScript of the function that ends it. */
struct watch {
  uv_poll_t poll;
  napi_env env;
  napi_ref callback;
  napi_async_context context;
  napi_async_cleanup_hook_handle at_exit;
  int closing;
  int closed;
  int forgotten;
};

static void free_when_unused(struct watch *watch) {
  if (watch->closed && watch->forgotten) free(watch);
}

static void on_closed(uv_handle_t *handle) {
  struct watch *watch = handle->data;
  watch->closed = 1;
  napi_remove_async_cleanup_hook(watch->at_exit);
  free_when_unused(watch);
}

static void end_watch(struct watch *watch) {
  if (watch->closing) return;
  watch->closing = 1;
  uv_close((uv_handle_t *)&watch->poll, on_closed);
  napi_delete_reference(watch->env, watch->callback);
  napi_async_destroy(watch->env, watch->context);
}

static void at_exit(napi_async_cleanup_hook_handle handle, void *data) {
  (void)handle;
  end_watch(data);
}

static void forget(napi_env env, void *data, void *hint) {
  struct watch *watch = data;
  (void)env;
  (void)hint;
  watch->forgotten = 1;
  free_when_unused(watch);
}

static void call(struct watch *watch) {
  napi_value receiver, callback, error;
  if (napi_get_global(watch->env, &receiver) != napi_ok ||
      napi_get_reference_value(watch->env, watch->callback, &callback) != napi_ok)
    return;
  if (napi_make_callback(watch->env, watch->context, receiver, callback, 0, NULL, NULL) ==
      napi_pending_exception &&
      napi_get_and_clear_last_exception(watch->env, &error) == napi_ok)
    napi_fatal_exception(watch->env, error);
}

static void on_event(uv_poll_t *poll, int status, int events) {
  struct watch *watch = poll->data;
  napi_handle_scope scope;
  (void)events;
  /* libuv gives up on a socket that reports an error. Ours report what reading them clears: a
   * netlink socket that has overflowed, an interface that is down. */
  if (status < 0 && uv_poll_start(poll, UV_READABLE, on_event) < 0) return;
  if (napi_open_handle_scope(watch->env, &scope) != napi_ok) return;
  call(watch);
  napi_close_handle_scope(watch->env, scope);
}

static napi_value stop(napi_env env, napi_callback_info info) {
  void *data;
  if (napi_get_cb_info(env, info, NULL, NULL, NULL, &data) == napi_ok) end_watch(data);
  return NULL;
}

static int make_context(napi_env env, struct watch *watch, napi_value callback) {
  napi_value name;
  return napi_create_string_utf8(env, "watch", NAPI_AUTO_LENGTH, &name) == napi_ok &&
         napi_async_init(env, NULL, name, &watch->context) == napi_ok &&
         napi_create_reference(env, callback, 1, &watch->callback) == napi_ok;
}

/* watch(fd, onReadable, keepsAlive) -> the function that ends it, or -errno */
napi_value watch(napi_env env, napi_callback_info info) {
  napi_value args[3], ending;
  size_t count = 3;
  int32_t fd;
  bool keeps_alive;
  napi_valuetype kind;
  uv_loop_t *loop;
  struct watch *watch;
  int result;
  if (napi_get_cb_info(env, info, &count, args, NULL, NULL) != napi_ok || count < 3 ||
      napi_get_value_int32(env, args[0], &fd) != napi_ok ||
      napi_typeof(env, args[1], &kind) != napi_ok || kind != napi_function ||
      napi_get_value_bool(env, args[2], &keeps_alive) != napi_ok) {
    throw_failure(env, "watch", "its arguments", "EINVAL",
                  "expected a descriptor, a function and a boolean",
                  "Pass an open file descriptor, what to call when it can be read, and whether the "
                  "process lives as long.");
    return NULL;
  }
  if (napi_get_uv_event_loop(env, &loop) != napi_ok || (watch = calloc(1, sizeof *watch)) == NULL) {
    errno = ENOMEM;
    return outcome(env, -1);
  }
  watch->env = env;
  watch->poll.data = watch;
  result = uv_poll_init(loop, &watch->poll, fd);
  if (result < 0) {
    free(watch);
    errno = -result;
    return outcome(env, -1);
  }
  /* From here on the handle belongs to the loop: it is closed, not freed. */
  if (napi_add_async_cleanup_hook(env, at_exit, watch, &watch->at_exit) != napi_ok ||
      !make_context(env, watch, args[1]) ||
      napi_create_function(env, "stop", NAPI_AUTO_LENGTH, stop, watch, &ending) != napi_ok ||
      napi_add_finalizer(env, ending, watch, forget, NULL, NULL) != napi_ok ||
      uv_poll_start(&watch->poll, UV_READABLE, on_event) < 0) {
    napi_fatal_error("watch", NAPI_AUTO_LENGTH, "out of memory", NAPI_AUTO_LENGTH);
  }
  if (!keeps_alive) uv_unref((uv_handle_t *)&watch->poll);
  return ending;
}
