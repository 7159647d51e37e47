/*
 * sender DEVICE
 *
 * Sends frames as they are. Each line of standard input says `COUNT INTERVAL_US HEX`: so many
 * copies of that frame, each so long after the one before it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST = 65536 };

static void fail(const char *operation, const char *operand) {
  fprintf(stderr, "sender: %s %s: %s\n", operation, operand, strerror(errno));
  exit(1);
}

static size_t from_hex(const char *text, unsigned char *bytes) {
  size_t length = 0;
  for (unsigned value; length < LARGEST && sscanf(text, "%2x", &value) == 1; text += 2)
    bytes[length++] = (unsigned char)value;
  return length;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: sender DEVICE < FRAMES\n");
    return 2;
  }
  /* Protocol 0: it hears nothing, and need not. */
  const int fd = socket(AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(argv[1])};
  if (fd < 0 || address.sll_ifindex == 0) fail("open a packet socket for", argv[1]);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("bind to", argv[1]);

  static unsigned char frame[LARGEST];
  char *line = NULL;
  size_t room = 0;
  struct timespec due;
  clock_gettime(CLOCK_MONOTONIC, &due);
  while (getline(&line, &room, stdin) > 0) {
    long count, interval;
    int start;
    if (sscanf(line, "%ld %ld %n", &count, &interval, &start) < 2) fail("read", line);
    const size_t length = from_hex(line + start, frame);
    for (long i = 0; i < count; i++) {
      if (write(fd, frame, length) < 0 && errno != ENOBUFS) fail("send to", argv[1]);
      due.tv_nsec += interval * 1000;
      due.tv_sec += due.tv_nsec / 1000000000;
      due.tv_nsec %= 1000000000;
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    }
  }
  return 0;
}
