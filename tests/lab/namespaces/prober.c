/*
 * prober ADDRESS INTERVAL_US GAP_US
 *
 * Sends an ICMP echo request every INTERVAL_US to the address (IPv4 or IPv6) and prints a line for
 * every gap: `gap START LENGTH`, milliseconds since the epoch, and microseconds between the
 * sending of two answered probes that lie more than GAP_US apart. `up START` when the first one is
 * answered.
 * It runs with SCHED_FIFO, since a prober that is held up would measure itself; when it was held
 * up all the same it says `late START LENGTH`, so that the round can be thrown away.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define HISTORY 65536

static int64_t sent_at[HISTORY];
static uint16_t id;

static int64_t now_us(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static uint16_t checksum(const uint8_t *bytes, size_t length) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < length; i += 2) sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)~sum;
}

static void say(const char *what, int64_t at_us, int64_t length_us) {
  /* The clocks differ by a constant as long as nobody sets the time. */
  int64_t epoch = at_us + now_us(CLOCK_REALTIME) - now_us(CLOCK_MONOTONIC);
  printf("%s %.3f %lld\n", what, epoch / 1000.0, (long long)length_us);
  fflush(stdout);
}

static void send_probe(int fd, int v6, uint32_t sequence) {
  uint8_t packet[16] = {0};
  packet[0] = v6 ? 128 : 8;
  packet[4] = id >> 8, packet[5] = id & 255;
  packet[6] = sequence >> 8 & 255, packet[7] = sequence & 255;
  memcpy(packet + 8, &sequence, sizeof sequence);
  if (!v6) {
    uint16_t sum = checksum(packet, sizeof packet);
    packet[2] = sum >> 8, packet[3] = sum & 255;
  }
  sent_at[sequence % HISTORY] = now_us(CLOCK_MONOTONIC);
  /* No route and no neighbour are outages like any other. */
  (void)!send(fd, packet, sizeof packet, MSG_DONTWAIT);
}

/* The probe that the next waiting answer belongs to; -1: nothing waits; -2: not ours. */
static int64_t read_answer(int fd, int v6) {
  uint8_t packet[256];
  uint32_t sequence;
  ssize_t length = recv(fd, packet, sizeof packet, MSG_DONTWAIT);
  if (length < 0) return errno == EAGAIN ? -1 : -2;
  size_t header = v6 ? 0 : (packet[0] & 15u) * 4;
  if ((size_t)length < header + 12 || packet[header] != (v6 ? 129 : 0)) return -2;
  if ((packet[header + 4] << 8 | packet[header + 5]) != id) return -2;
  memcpy(&sequence, packet + header + 8, sizeof sequence);
  return sequence;
}

int main(int argc, char **argv) {
  struct sched_param real_time = {.sched_priority = 80};
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST}, *to;
  if (argc != 4 || getaddrinfo(argv[1], NULL, &hints, &to) != 0) {
    fputs("usage: prober ADDRESS INTERVAL_US GAP_US\n", stderr);
    return 2;
  }
  int v6 = to->ai_family == AF_INET6;
  long interval = atol(argv[2]), gap = atol(argv[3]);
  int fd = socket(to->ai_family, SOCK_RAW, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
  int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  struct itimerspec every = {{interval / 1000000, interval % 1000000 * 1000}, {0, 1}};
  if (fd < 0 || timer < 0 || connect(fd, to->ai_addr, to->ai_addrlen) < 0 ||
      timerfd_settime(timer, 0, &every, NULL) < 0) {
    perror("prober");
    return 1;
  }
  id = (uint16_t)getpid();
  if (sched_setscheduler(0, SCHED_FIFO, &real_time) < 0) perror("prober: SCHED_FIFO");
  int64_t last_answered = 0, last_tick = now_us(CLOCK_MONOTONIC);
  for (uint32_t sequence = 0;;) {
    struct pollfd ready[2] = {{fd, POLLIN, 0}, {timer, POLLIN, 0}};
    if (poll(ready, 2, -1) < 0) continue;
    for (int64_t answer; (answer = read_answer(fd, v6)) != -1;) {
      if (answer < 0) continue;
      int64_t at = sent_at[answer % HISTORY];
      if (last_answered == 0) say("up", at, 0);
      else if (at - last_answered > gap) say("gap", last_answered, at - last_answered);
      if (at > last_answered) last_answered = at;
    }
    if (ready[1].revents & POLLIN) {
      uint64_t ticks;
      (void)!read(timer, &ticks, sizeof ticks);
      int64_t now = now_us(CLOCK_MONOTONIC);
      if (now - last_tick > interval + gap) say("late", last_tick, now - last_tick);
      last_tick = now;
      send_probe(fd, v6, sequence++);
    }
  }
}
