/*
 * strike PORT VRID PHASE_US WHAT SIGNAL PID...
 *
 * Hits the box behind a switch port so many microseconds after it has sent an advert: with WHAT
 * `cut` the port goes down, which is the end of everything that the box says or hears, then the
 * signal goes to the processes; with `leave` only the signal is sent. Prints when that was, in
 * milliseconds since the epoch, after how many microseconds, and how long the kernel took for it:
 *
 *   struck EPOCH_MS PHASE_US TOOK_US
 *
 * At an interval of 10 ms a shell that starts `ip` and `kill` would hit anywhere.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const int vrrp = 112;
static const int longest_silence_ms = 10000;

static void fail(const char *operation, const char *operand) {
  fprintf(stderr, "strike: %s %s: %s\n", operation, operand, strerror(errno));
  exit(1);
}

static int64_t now_us(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int open_port(const char *port) {
  const int on = 1;
  /* Of all protocols: what goes into a bridge is not shown to a socket that asks for one. */
  const int fd = socket(AF_PACKET, SOCK_DGRAM, 0);
  if (fd < 0) fail("open a packet socket for", port);
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  address.sll_ifindex = if_nametoindex(port);
  if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) < 0 ||
      setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0 ||
      address.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
    fail("listen on", port);
  return fd;
}

/* When the kernel got the next advert, by the monotonic clock. */
static int64_t next_advert(int fd, int vrid) {
  for (;;) {
    unsigned char packet[2048];
    union {
      struct cmsghdr align;
      char bytes[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    struct sockaddr_ll from;
    struct iovec space = {packet, sizeof packet};
    struct msghdr message = {.msg_iov = &space, .msg_iovlen = 1};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    struct pollfd ready = {fd, POLLIN, 0};
    const int found = poll(&ready, 1, longest_silence_ms);
    if (found == 0) {
      errno = ETIMEDOUT;
      fail("wait for", "an advert");
    }
    const ssize_t length = recvmsg(fd, &message, 0);
    const int header = (packet[0] & 15) * 4;
    if (length < header + 8 || from.sll_protocol != htons(ETH_P_IP)) continue;
    if (packet[9] != vrrp || packet[header + 1] != vrid) continue;
    const struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    if (c == NULL || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    struct timespec arrived;
    memcpy(&arrived, CMSG_DATA(c), sizeof arrived);
    const int64_t at = (int64_t)arrived.tv_sec * 1000000 + arrived.tv_nsec / 1000;
    return at - now_us(CLOCK_REALTIME) + now_us(CLOCK_MONOTONIC);
  }
}

int main(int argc, char **argv) {
  const struct sched_param real_time = {.sched_priority = 80};
  if (argc < 6) {
    fputs("usage: strike PORT VRID PHASE_US cut|leave SIGNAL PID...\n", stderr);
    return 2;
  }
  const char *port = argv[1];
  const int64_t phase = atoll(argv[3]);
  const int cuts = strcmp(argv[4], "cut") == 0, signal_number = atoi(argv[5]);
  const int fd = open_port(port), control = socket(AF_INET, SOCK_DGRAM, 0);
  struct ifreq request = {0};
  strncpy(request.ifr_name, port, IFNAMSIZ - 1);
  if (ioctl(control, SIOCGIFFLAGS, &request) < 0) fail("read the flags of", port);
  request.ifr_flags &= ~IFF_UP;
  if (sched_setscheduler(0, SCHED_FIFO, &real_time) < 0) fail("become", "SCHED_FIFO");

  const int64_t advert = next_advert(fd, atoi(argv[2])), due = advert + phase;
  const struct timespec until = {due / 1000000, due % 1000000 * 1000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) continue;

  const int64_t start = now_us(CLOCK_MONOTONIC), epoch = now_us(CLOCK_REALTIME);
  if (cuts && ioctl(control, SIOCSIFFLAGS, &request) < 0) fail("take down", port);
  for (int i = 6; i < argc; i++)
    if (kill(atoi(argv[i]), signal_number) < 0 && errno != ESRCH) fail("signal", argv[i]);
  printf("struck %.3f %lld %lld\n", epoch / 1000.0, (long long)(start - advert),
         (long long)(now_us(CLOCK_MONOTONIC) - start));
  return 0;
}
