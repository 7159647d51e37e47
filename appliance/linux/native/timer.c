/*
 * Timers of the kernel, because setTimeout rounds to whole milliseconds and a skew can be 78
 * microseconds. They are absolute: a process that is held up between reading the clock and setting
 * the timer does not make it later.
 */
#define _GNU_SOURCE
#include <sys/timerfd.h>
#include <unistd.h>

#include "addon.h"

/* openTimer() -> file descriptor, readable when the timer has expired */
napi_value open_timer(napi_env env, napi_callback_info info) {
  if (!read_arguments(env, info, "timerfd_create", "")) return NULL;
  return outcome(env, timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
}

/* setTimer(fd, milliseconds of CLOCK_MONOTONIC); 0 disarms */
napi_value set_timer(napi_env env, napi_callback_info info) {
  int32_t fd;
  double at;
  struct itimerspec when = {0};
  if (!read_arguments(env, info, "timerfd_settime", "id", &fd, &at)) return NULL;
  if (!(at >= 0 && at < 1e15)) {
    errno = EINVAL;
    return outcome(env, -1);
  }
  when.it_value.tv_sec = (time_t)(at / 1e3);
  when.it_value.tv_nsec = (long)((at - (double)when.it_value.tv_sec * 1e3) * 1e6);
  return outcome(env, timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL));
}

/* readTimer(fd) -> 1 when it has expired since it was set or read, -EAGAIN when not */
napi_value read_timer(napi_env env, napi_callback_info info) {
  int32_t fd;
  uint64_t expired;
  if (!read_arguments(env, info, "read", "i", &fd)) return NULL;
  return outcome(env, read(fd, &expired, sizeof expired) < 0 ? -1 : 1);
}
