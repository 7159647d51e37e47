/*
 * A serial line that carries bytes as they are: termios(3), which Node cannot set. Reading and
 * writing never wait and never throw; opening and closing may wait, where nobody waits for them.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "addon.h"

static speed_t speed_of(int32_t baud) {
  switch (baud) {
  case 9600: return B9600;
  case 19200: return B19200;
  case 38400: return B38400;
  case 57600: return B57600;
  case 115200: return B115200;
  case 230400: return B230400;
  default: return B0;
  }
}

struct work {
  napi_async_work handle;
  napi_deferred promised;
  /* Of the line that is to be closed. */
  int fd;
  int32_t baud;
  int64_t result;
  char path[PATH_MAX];
};

/* Raw, eight bits, no parity, one stop bit, no flow control. */
static int make_line(int fd, int32_t baud) {
  speed_t speed = speed_of(baud);
  struct termios line;
  if (tcgetattr(fd, &line) < 0) return -1;
  cfmakeraw(&line);
  /* A cable of three wires has no carrier, and nobody who says when to send. */
  line.c_cflag |= CLOCAL | CREAD;
  line.c_cflag &= ~(CSTOPB | CRTSCTS | HUPCL);
  /* With 0 here nothing to read and a device that is gone would look the same. */
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  if (speed == B0) {
    errno = EINVAL;
    return -1;
  }
  if (cfsetspeed(&line, speed) < 0 || tcsetattr(fd, TCSANOW, &line) < 0) return -1;
  /* A speed that the port cannot have is no error: it keeps another one. */
  if (tcgetattr(fd, &line) < 0) return -1;
  if (cfgetospeed(&line) != speed) {
    errno = EINVAL;
    return -1;
  }
  /* What goes out may be the last word of a process that has just died. */
  return tcflush(fd, TCIFLUSH);
}

static void open_it(napi_env env, void *data) {
  struct work *it = data;
  (void)env;
  int fd = open(it->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  it->result = fd < 0 ? -errno : fd;
  if (fd < 0 || make_line(fd, it->baud) == 0) return;
  it->result = -errno;
  close(fd);
}

/* What has not gone out yet never will: else the close would wait for it. */
static void close_it(napi_env env, void *data) {
  struct work *it = data;
  (void)env;
  tcflush(it->fd, TCOFLUSH);
  it->result = close(it->fd) < 0 ? -errno : 0;
}

static void done(napi_env env, napi_status status, void *data) {
  struct work *it = data;
  napi_value result;
  if (napi_create_int64(env, status == napi_ok ? it->result : -ECANCELED, &result) == napi_ok)
    napi_resolve_deferred(env, it->promised, result);
  napi_delete_async_work(env, it->handle);
  free(it);
}

/* On a thread of its own: an adapter that does not answer holds each of these up for seconds. */
static napi_value queue(napi_env env, const char *op, napi_async_execute_callback execute,
                        const struct work *wish) {
  napi_value promise, title;
  struct work *it = malloc(sizeof *it);
  if (it == NULL) {
    throw_failure(env, op, "a serial line", "ENOMEM", "there is no memory", "Try again later.");
    return NULL;
  }
  *it = *wish;
  if (napi_create_promise(env, &it->promised, &promise) != napi_ok ||
      napi_create_string_utf8(env, op, NAPI_AUTO_LENGTH, &title) != napi_ok ||
      napi_create_async_work(env, NULL, title, execute, done, it, &it->handle) != napi_ok) {
    free(it);
    return NULL;
  }
  if (napi_queue_async_work(env, it->handle) != napi_ok) {
    napi_delete_async_work(env, it->handle);
    free(it);
    return NULL;
  }
  return promise;
}

/* openLine(path, baud) -> Promise of the descriptor or -errno */
napi_value open_line(napi_env env, napi_callback_info info) {
  struct work wish = {0};
  struct bytes path;
  if (!read_arguments(env, info, "open", "bi", &path, &wish.baud)) return NULL;
  if (path.length >= sizeof wish.path) {
    throw_failure(env, "open", "a serial line", "ENAMETOOLONG", "its name is too long",
                  "Take a shorter one.");
    return NULL;
  }
  memcpy(wish.path, path.data, path.length);
  return queue(env, "open", open_it, &wish);
}

/* closeLine(fd) -> Promise of 0 or -errno */
napi_value close_line(napi_env env, napi_callback_info info) {
  struct work wish = {0};
  if (!read_arguments(env, info, "close", "i", &wish.fd)) return NULL;
  return queue(env, "close", close_it, &wish);
}

/* readLine(fd, into) -> how many; 0: the device is gone */
napi_value read_line(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct bytes into;
  if (!read_arguments(env, info, "read", "ib", &fd, &into)) return NULL;
  return outcome(env, read(fd, into.data, into.length));
}

/* writeLine(fd, bytes) -> how many of them it took */
napi_value write_line(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct bytes bytes;
  if (!read_arguments(env, info, "write", "ib", &fd, &bytes)) return NULL;
  return outcome(env, write(fd, bytes.data, bytes.length));
}
