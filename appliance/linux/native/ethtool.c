/* ETHTOOL_PHYS_ID: the driver makes the lamp of a port blink, and the call lasts as long. */
#define _GNU_SOURCE
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addon.h"

struct blinking {
  napi_async_work work;
  napi_deferred promised;
  struct ethtool_value wish;
  char name[IFNAMSIZ];
  int result;
};

/* On a thread of its own: it waits for seconds. */
static void blink(napi_env env, void *data) {
  struct blinking *it = data;
  struct ifreq request;
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  (void)env;
  if (fd < 0) {
    it->result = -errno;
    return;
  }
  memset(&request, 0, sizeof request);
  memcpy(request.ifr_name, it->name, sizeof it->name);
  request.ifr_data = (void *)&it->wish;
  it->result = ioctl(fd, SIOCETHTOOL, &request) < 0 ? -errno : 0;
  close(fd);
}

static void blinked(napi_env env, napi_status status, void *data) {
  struct blinking *it = data;
  napi_value result;
  if (napi_create_int32(env, status == napi_ok ? it->result : -ECANCELED, &result) == napi_ok)
    napi_resolve_deferred(env, it->promised, result);
  napi_delete_async_work(env, it->work);
  free(it);
}

/* blinkPort(name, seconds) -> Promise of 0 or -errno */
napi_value blink_port(napi_env env, napi_callback_info info) {
  static const char op[] = "ETHTOOL_PHYS_ID";
  struct bytes name;
  int32_t seconds;
  napi_value promise, title;
  struct blinking *it;
  if (!read_arguments(env, info, op, "bi", &name, &seconds)) return NULL;
  if (name.length >= IFNAMSIZ || seconds < 1) {
    throw_failure(env, op, "its arguments", "EINVAL", "no interface is called so",
                  "Pass a name of at most 15 bytes, and a second or more.");
    return NULL;
  }
  it = calloc(1, sizeof *it);
  if (it == NULL) {
    throw_failure(env, op, "the port", "ENOMEM", "there is no memory", "Try again later.");
    return NULL;
  }
  it->wish = (struct ethtool_value){.cmd = ETHTOOL_PHYS_ID, .data = (uint32_t)seconds};
  memcpy(it->name, name.data, name.length);
  if (napi_create_promise(env, &it->promised, &promise) != napi_ok ||
      napi_create_string_utf8(env, op, NAPI_AUTO_LENGTH, &title) != napi_ok ||
      napi_create_async_work(env, NULL, title, blink, blinked, it, &it->work) != napi_ok) {
    free(it);
    return NULL;
  }
  if (napi_queue_async_work(env, it->work) != napi_ok) {
    napi_delete_async_work(env, it->work);
    free(it);
    return NULL;
  }
  return promise;
}
