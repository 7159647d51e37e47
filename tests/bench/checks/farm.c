/*
 * farm PORT COUNTS: listens on every address of this host, and says back what it hears until the
 * other side closes. COUNTS is a file of 65,536 numbers of 32 bits: how many connections came to
 * each address, by the last 16 bits of it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most_at_once = 256, addresses = 65536 };

static int listen_on(int port)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(port) };
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one))
        err(1, "socket");
    if (bind(fd, (struct sockaddr *)&any, sizeof any) || listen(fd, 4096))
        err(1, "listen on port %d", port);
    return fd;
}

static uint32_t *map_counts(const char *path)
{
    size_t size = addresses * sizeof(uint32_t);
    int fd = open(path, O_RDWR | O_CREAT, 0644);
    if (fd < 0 || ftruncate(fd, size))
        err(1, "%s", path);
    uint32_t *counts = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (counts == MAP_FAILED)
        err(1, "mmap %s", path);
    return counts;
}

static void watch(int poll, int fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event))
        err(1, "epoll_ctl");
}

static void take_all(int poll, int listener, uint32_t *counts)
{
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0 && (errno == EAGAIN || errno == ECONNABORTED))
            return;
        if (fd < 0)
            err(1, "accept");
        struct sockaddr_in own = { 0 };
        socklen_t size = sizeof own;
        getsockname(fd, (struct sockaddr *)&own, &size);
        counts[ntohl(own.sin_addr.s_addr) % addresses] += 1;
        watch(poll, fd);
    }
}

static void say_back(int fd)
{
    char words[4096];
    ssize_t length = read(fd, words, sizeof words);
    if (length > 0 && write(fd, words, length) == length)
        return;
    if (length < 0 && errno == EAGAIN)
        return;
    close(fd);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        errx(2, "usage: farm PORT COUNTS");
    uint32_t *counts = map_counts(argv[2]);
    int listener = listen_on(atoi(argv[1])), poll = epoll_create1(0);
    watch(poll, listener);
    puts("listening");
    fflush(stdout);
    for (;;) {
        struct epoll_event events[most_at_once];
        int count = epoll_wait(poll, events, most_at_once, -1);
        for (int index = 0; index < count; index++) {
            if (events[index].data.fd == listener)
                take_all(poll, listener, counts);
            else
                say_back(events[index].data.fd);
        }
    }
}
