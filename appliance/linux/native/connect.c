/*
 * Many connections that come about at the same time: one epoll descriptor stands for all of them,
 * so that a turn of Node's event loop hears of as many as have an answer. A watch for each of two
 * thousand sockets would be two thousand calls into JavaScript.
 */
#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/socket.h>

#include "addon.h"

/* connectSocket(fd, address) -> 0; -EINPROGRESS while it comes about */
napi_value connect_socket(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct bytes address;
  if (!read_arguments(env, info, "connect", "ib", &fd, &address)) return NULL;
  return outcome(env, connect(fd, address.data, (socklen_t)address.length));
}

/* openPoll() -> file descriptor, readable when a socket of it is ready */
napi_value open_poll(napi_env env, napi_callback_info info) {
  (void)info;
  return outcome(env, epoll_create1(EPOLL_CLOEXEC));
}

/* awaitConnected(poll, fd): told once; a closed socket leaves by itself */
napi_value await_connected(napi_env env, napi_callback_info info) {
  int32_t poll, fd;
  struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT};
  if (!read_arguments(env, info, "epoll_ctl", "ii", &poll, &fd)) return NULL;
  event.data.fd = fd;
  return outcome(env, epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event));
}

static int32_t error_of(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? errno : error;
}

/* connected(poll, into) -> how many pairs of int32 it put there: the descriptor, 0 or -errno */
napi_value connected(napi_env env, napi_callback_info info) {
  enum { most = 256 };
  struct epoll_event events[most];
  struct bytes into;
  int32_t poll, *pairs, count, i;
  if (!read_arguments(env, info, "epoll_wait", "ib", &poll, &into)) return NULL;
  pairs = into.data;
  count = (int32_t)(into.length / (2 * sizeof *pairs));
  count = epoll_wait(poll, events, count < most ? count : most, 0);
  for (i = 0; i < count; i++) {
    pairs[2 * i] = events[i].data.fd;
    pairs[2 * i + 1] = -error_of(events[i].data.fd);
    epoll_ctl(poll, EPOLL_CTL_DEL, events[i].data.fd, NULL);
  }
  return outcome(env, count);
}
