/*
 * Preloaded: every port is a USB adapter that needs 200 ms for each request, 9600 baud twice as
 * long, and knows no more than 115200. Like a real one it takes a speed that it cannot have without
 * a word.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <termios.h>
#include <unistd.h>

int tcsetattr(int fd, int when, const struct termios *wish) {
  int (*real)(int, int, const struct termios *) = dlsym(RTLD_NEXT, "tcsetattr");
  struct termios line = *wish;
  usleep(cfgetospeed(&line) == B9600 ? 400000 : 200000);
  if (cfgetospeed(&line) > B115200) cfsetspeed(&line, B9600);
  return real(fd, when, &line);
}

int tcflush(int fd, int which) {
  int (*real)(int, int) = dlsym(RTLD_NEXT, "tcflush");
  if (which == TCOFLUSH) usleep(200000);
  return real(fd, which);
}
