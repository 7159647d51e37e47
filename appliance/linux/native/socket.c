/* Sockets of any family. All are non-blocking, and no child process inherits them. */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "addon.h"

/* openSocket(domain, type, protocol) -> file descriptor */
napi_value open_socket(napi_env env, napi_callback_info info) {
  int32_t domain, type, protocol;
  if (!read_arguments(env, info, "socket", "iii", &domain, &type, &protocol)) return NULL;
  return outcome(env, socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
}

/* bindSocket(fd, address) */
napi_value bind_socket(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct bytes address;
  if (!read_arguments(env, info, "bind", "ib", &fd, &address)) return NULL;
  return outcome(env, bind(fd, address.data, (socklen_t)address.length));
}

/* setOption(fd, level, option, value) */
napi_value set_option(napi_env env, napi_callback_info info) {
  int32_t fd, level, option;
  struct bytes value;
  if (!read_arguments(env, info, "setsockopt", "iiib", &fd, &level, &option, &value)) return NULL;
  return outcome(env, setsockopt(fd, level, option, value.data, (socklen_t)value.length));
}

/* getOption(fd, level, option, into) -> its length */
napi_value get_option(napi_env env, napi_callback_info info) {
  int32_t fd, level, option;
  struct bytes into;
  socklen_t length;
  int result;
  if (!read_arguments(env, info, "getsockopt", "iiib", &fd, &level, &option, &into)) return NULL;
  length = (socklen_t)into.length;
  result = getsockopt(fd, level, option, into.data, &length);
  return outcome(env, result < 0 ? result : (int64_t)length);
}

/* attachFilter(fd, program): a classic BPF program, as struct sock_filter after each other */
napi_value attach_filter(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct bytes program;
  struct sock_fprog all;
  if (!read_arguments(env, info, "SO_ATTACH_FILTER", "ib", &fd, &program)) return NULL;
  all.len = (unsigned short)(program.length / sizeof *all.filter);
  all.filter = program.data;
  return outcome(env, setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof all));
}

/* send(fd, data, address or null, control or null) -> bytes sent */
napi_value send_message(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct bytes data, address, control;
  struct iovec part;
  struct msghdr message;
  if (!read_arguments(env, info, "sendmsg", "ibBB", &fd, &data, &address, &control)) return NULL;
  part = (struct iovec){.iov_base = data.data, .iov_len = data.length};
  message = (struct msghdr){
      .msg_name = address.data,
      .msg_namelen = (socklen_t)address.length,
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = control.data,
      .msg_controllen = control.length,
  };
  return outcome(env, sendmsg(fd, &message, MSG_NOSIGNAL));
}

/* What binding.ts calls an envelope: the same fields at the same places. */
struct envelope {
  double waited; /* milliseconds in the socket; below 0: not known */
  int32_t truncated;
  int32_t hop_limit; /* below 0: not known */
  int32_t interface_index;
  int32_t sender_length;
  uint8_t sender[32];
  uint8_t destination[16]; /* of IPv6 */
};
_Static_assert(sizeof(struct envelope) == 72, "binding.ts counts on it");

/* The kernel's stamps are of the wall clock, so both ends of the difference are taken from it. */
static double milliseconds_since(const struct timespec *stamp) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (double)(now.tv_sec - stamp->tv_sec) * 1e3 + (double)(now.tv_nsec - stamp->tv_nsec) / 1e6;
}

static void read_control(struct msghdr *message, struct envelope *envelope) {
  struct cmsghdr *part;
  for (part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
    const void *data = CMSG_DATA(part);
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec stamp;
      memcpy(&stamp, data, sizeof stamp);
      envelope->waited = milliseconds_since(&stamp);
    } else if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_HOPLIMIT) {
      memcpy(&envelope->hop_limit, data, sizeof envelope->hop_limit);
    } else if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo packet;
      memcpy(&packet, data, sizeof packet);
      envelope->interface_index = (int32_t)packet.ipi6_ifindex;
      memcpy(envelope->destination, &packet.ipi6_addr, sizeof envelope->destination);
    }
  }
}

/* receive(fd, into, envelope) -> bytes received */
napi_value receive_message(napi_env env, napi_callback_info info) {
  int32_t fd;
  struct bytes into, out;
  union {
    struct cmsghdr align;
    char space[256];
  } control;
  struct envelope envelope;
  struct iovec part;
  struct msghdr message;
  ssize_t length;
  if (!read_arguments(env, info, "recvmsg", "ibb", &fd, &into, &out)) return NULL;
  if (out.length < sizeof envelope) {
    errno = EINVAL;
    return outcome(env, -1);
  }
  memset(&envelope, 0, sizeof envelope);
  part = (struct iovec){.iov_base = into.data, .iov_len = into.length};
  message = (struct msghdr){
      .msg_name = envelope.sender,
      .msg_namelen = sizeof envelope.sender,
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = &control,
      .msg_controllen = sizeof control,
  };
  length = recvmsg(fd, &message, 0);
  if (length < 0) return outcome(env, length);
  envelope.waited = -1;
  envelope.hop_limit = -1;
  envelope.truncated = (message.msg_flags & MSG_TRUNC) != 0;
  envelope.sender_length = (int32_t)message.msg_namelen;
  read_control(&message, &envelope);
  memcpy(out.data, &envelope, sizeof envelope);
  return outcome(env, length);
}

/* closeDescriptor(fd) */
napi_value close_descriptor(napi_env env, napi_callback_info info) {
  int32_t fd;
  if (!read_arguments(env, info, "close", "i", &fd)) return NULL;
  return outcome(env, close(fd));
}
