/*
 * A serial line that carries bytes as they are: termios(3), which Node cannot set. Reading and
 * writing never wait and never throw.
 */
#define _GNU_SOURCE
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

/* openLine(fd, baud): raw, eight bits, no parity, one stop bit, no flow control */
napi_value open_line(napi_env env, napi_callback_info info) {
  int32_t fd, baud;
  struct termios line;
  if (!read_arguments(env, info, "tcsetattr", "ii", &fd, &baud)) return NULL;
  if (speed_of(baud) == B0) {
    errno = EINVAL;
    return outcome(env, -1);
  }
  if (tcgetattr(fd, &line) < 0) return outcome(env, -1);
  cfmakeraw(&line);
  /* A cable of three wires has no carrier, and nobody who says when to send. */
  line.c_cflag |= CLOCAL | CREAD;
  line.c_cflag &= ~(CSTOPB | CRTSCTS | HUPCL);
  /* With 0 here nothing to read and a device that is gone would look the same. */
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  if (cfsetspeed(&line, speed_of(baud)) < 0 || tcsetattr(fd, TCSANOW, &line) < 0)
    return outcome(env, -1);
  /* What goes out may be the last word of a process that has just died. */
  return outcome(env, tcflush(fd, TCIFLUSH));
}

/* dropOutput(fd): what has not gone out yet never will; else the close would wait for it */
napi_value drop_output(napi_env env, napi_callback_info info) {
  int32_t fd;
  if (!read_arguments(env, info, "tcflush", "i", &fd)) return NULL;
  return outcome(env, tcflush(fd, TCOFLUSH));
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
