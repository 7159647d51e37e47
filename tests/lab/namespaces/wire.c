/*
 * wire A B DELAY JITTER DUPLICATES
 *
 * Carries frames between two interfaces, each one DELAY milliseconds late plus up to JITTER, and a
 * share of DUPLICATES (0 to 1) of them twice. The kernel's netem would do this, where it exists.
 *
 * Frames of the same machine travel with unfinished checksums and segmentation. PACKET_VNET_HDR
 * hands that state over with each frame, in and out, so that TCP survives. The kernel takes VLAN
 * tags out of the frame before a packet socket sees it; they are put back here.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TAG = 4, MACS = 12, LARGEST = 65536 + 64, MOST_WAITING = 20000 };

struct frame {
  struct frame *next;
  double due;
  int to;
  size_t length;
  unsigned char bytes[]; /* a virtio_net_hdr and the frame */
};

static struct frame *waiting;
static int count_waiting;

static void fail(const char *operation, const char *operand) {
  fprintf(stderr, "wire: %s %s: %s\n", operation, operand, strerror(errno));
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void turn_on(int fd, int option, const char *device) {
  const int on = 1;
  if (setsockopt(fd, SOL_PACKET, option, &on, sizeof on) < 0) fail("set an option on", device);
}

static int open_port(const char *device) {
  /* Protocol 0 until it is bound: nothing from other interfaces may slip in. */
  const int fd = socket(AF_PACKET, SOCK_RAW, 0);
  if (fd < 0) fail("open a packet socket for", device);
  const int room = 8 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  turn_on(fd, PACKET_VNET_HDR, device);
  turn_on(fd, PACKET_AUXDATA, device);
  turn_on(fd, PACKET_IGNORE_OUTGOING, device);

  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  address.sll_ifindex = if_nametoindex(device);
  if (address.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
    fail("bind to", device);
  return fd;
}

static void keep(const unsigned char *bytes, size_t length, int to, double due) {
  if (count_waiting == MOST_WAITING) return;
  struct frame *frame = malloc(sizeof *frame + length);
  if (!frame) fail("allocate", "a frame");
  *frame = (struct frame){.due = due, .to = to, .length = length};
  memcpy(frame->bytes, bytes, length);
  struct frame **place = &waiting;
  while (*place && (*place)->due <= due) place = &(*place)->next;
  frame->next = *place;
  *place = frame;
  count_waiting++;
}

/* Returns the length of header and frame in `buffer`, or 0 when nothing waits in the socket. */
static size_t receive(int fd, unsigned char *buffer) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
  } control;
  struct iovec space = {buffer, LARGEST};
  struct msghdr message = {.msg_iov = &space, .msg_iovlen = 1};
  message.msg_control = &control;
  message.msg_controllen = sizeof control;
  const ssize_t length = recvmsg(fd, &message, MSG_DONTWAIT);
  if (length <= 0) return 0; /* nothing there, or the interface is down for a while */

  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
    const struct tpacket_auxdata *aux = (void *)CMSG_DATA(c);
    if (c->cmsg_type != PACKET_AUXDATA || !(aux->tp_status & TP_STATUS_VLAN_VALID)) continue;
    struct virtio_net_hdr *header = (void *)buffer;
    unsigned char *tag = buffer + sizeof *header + MACS;
    memmove(tag + TAG, tag, length - sizeof *header - MACS);
    const unsigned short fields[2] = {htons(aux->tp_vlan_tpid), htons(aux->tp_vlan_tci)};
    memcpy(tag, fields, TAG);
    if (header->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) header->csum_start += TAG;
    if (header->hdr_len) header->hdr_len += TAG;
    return length + TAG;
  }
  return length;
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: wire A B DELAY JITTER DUPLICATES\n");
    return 2;
  }
  const double delay = atof(argv[3]), jitter = atof(argv[4]), duplicates = atof(argv[5]);
  struct pollfd ports[2] = {{open_port(argv[1]), POLLIN, 0}, {open_port(argv[2]), POLLIN, 0}};
  static unsigned char buffer[LARGEST + TAG];
  srand48(getpid());
  puts("ready");
  fflush(stdout);

  for (;;) {
    double wait = waiting ? waiting->due - now() : 1000;
    if (wait < 0) wait = 0;
    const struct timespec limit = {wait / 1e3, (long)(wait * 1e6) % 1000000000};
    if (ppoll(ports, 2, &limit, NULL) < 0 && errno != EINTR) fail("wait for", "frames");

    for (int from = 0; from < 2; from++)
      for (size_t length; (length = receive(ports[from].fd, buffer)) > 0;)
        for (int copies = drand48() < duplicates ? 2 : 1; copies > 0; copies--)
          keep(buffer, length, ports[!from].fd, now() + delay + jitter * drand48());

    while (waiting && waiting->due <= now()) {
      struct frame *frame = waiting;
      waiting = frame->next;
      count_waiting--;
      /* A frame that cannot be sent, because the cable is cut, is lost as on a real one. */
      (void)!write(frame->to, frame->bytes, frame->length);
      free(frame);
    }
  }
}
