/*
 * launch OPTIONS... -- PROGRAM ARGUMENTS...
 *
 * Takes from a child of the supervisor what it does not need, then becomes that child.
 *
 *   --cgroup DIR         joins the control group, before the child allocates anything
 *   --user UID:GID       and no other groups
 *   --keep NAMES         capabilities that stay, comma-separated; without it none stays
 *   --nice N             or --round-robin PRIORITY
 *   --oom SCORE          oom_score_adj: who is ended first when memory runs out
 *   --parent PID         SIGTERM when that process, our parent, dies
 *
 * Why a program and not a call in the child: capabilities, no_new_privs and scheduling belong to a
 * thread, and Node runs six before its first line of JavaScript. What the main thread gives up the
 * others would keep. And a program that is not ours (udhcpc) could not give up anything.
 *
 * Exit codes of its own: 125 for a refusal, 126 and 127 when the program cannot be run, as env(1).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct wish {
  const char *cgroup;
  int changes_user;
  uid_t uid;
  gid_t gid;
  uint64_t keep;
  int sets_nice;
  int nice;
  int round_robin; /* 0: no */
  const char *oom_score;
  pid_t parent;    /* 0: no */
};

static const struct {
  const char *name;
  int number;
} capabilities[] = {
    {"net_bind_service", CAP_NET_BIND_SERVICE}, {"net_admin", CAP_NET_ADMIN},
    {"net_raw", CAP_NET_RAW},                   {"ipc_lock", CAP_IPC_LOCK},
    {"sys_nice", CAP_SYS_NICE},                 {"setuid", CAP_SETUID},
    {"setgid", CAP_SETGID},                     {"kill", CAP_KILL},
    {"dac_override", CAP_DAC_OVERRIDE},         {"chown", CAP_CHOWN},
    {"sys_time", CAP_SYS_TIME},
};

__attribute__((noreturn, format(printf, 1, 2))) static void refuse(const char *format, ...) {
  va_list rest;
  va_start(rest, format);
  fputs("launch: ", stderr);
  vfprintf(stderr, format, rest);
  fputc('\n', stderr);
  va_end(rest);
  exit(125);
}

static long number(const char *option, const char *text, long least, long most) {
  char *end;
  long value;
  errno = 0;
  value = strtol(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || value < least || value > most)
    refuse("%s %s: expected a whole number from %ld to %ld", option, text, least, most);
  return value;
}

static uint64_t capability_set(char *names) {
  uint64_t set = 0;
  char *name, *rest;
  for (name = strtok_r(names, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest)) {
    size_t i;
    for (i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
      if (strcmp(name, capabilities[i].name) == 0) break;
    if (i == sizeof capabilities / sizeof *capabilities)
      refuse("--keep %s: no capability that a child of ours may keep", name);
    set |= (uint64_t)1 << capabilities[i].number;
  }
  return set;
}

static void read_user(struct wish *wish, char *text) {
  char *colon = strchr(text, ':');
  if (colon == NULL) refuse("--user %s: expected UID:GID in numbers", text);
  *colon = '\0';
  wish->uid = (uid_t)number("--user", text, 0, INT32_MAX);
  wish->gid = (gid_t)number("--user", colon + 1, 0, INT32_MAX);
  wish->changes_user = 1;
}

static void join_cgroup(const char *directory) {
  char path[4096];
  int fd;
  if ((size_t)snprintf(path, sizeof path, "%s/cgroup.procs", directory) >= sizeof path)
    refuse("--cgroup: the path is longer than %zu bytes", sizeof path);
  fd = open(path, O_WRONLY | O_CLOEXEC);
  /* "0" is the process that writes. */
  if (fd < 0 || write(fd, "0", 1) != 1)
    refuse("joining %s: %s; the child would run without its memory limit", path, strerror(errno));
  close(fd);
}

/* Who is not root may lack the right to run faster; the child then runs as the others do. */
static void set_scheduling(const struct wish *wish) {
  int failed = 0;
  if (wish->round_robin > 0) {
    struct sched_param param = {.sched_priority = wish->round_robin};
    failed = sched_setscheduler(0, SCHED_RR, &param) < 0;
  } else if (wish->sets_nice) {
    failed = setpriority(PRIO_PROCESS, 0, wish->nice) < 0;
  }
  if (!failed) return;
  if (errno != EPERM && errno != EACCES) refuse("setting the scheduling: %s", strerror(errno));
  fprintf(stderr, "launch: runs with ordinary scheduling: %s\n", strerror(errno));
}

/* Who is not root may only offer himself sooner. */
static void set_oom_score(const char *score) {
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  dprintf(fd, "%s\n", score);
  close(fd);
}

static void drop_bounding(uint64_t keep) {
  int capability;
  for (capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
    if (capability < 64 && (keep >> capability & 1) != 0) continue;
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
    /* An ordinary user may not, and need not: with no_new_privs nothing can be gained by exec. */
    if (errno == EPERM && geteuid() != 0) return;
    refuse("dropping capability %d: %s", capability, strerror(errno));
  }
}

static void set_capabilities(uint64_t keep) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct data[2];
  int capability;
  if (syscall(SYS_capget, &header, data) < 0) refuse("capget: %s", strerror(errno));
  for (int word = 0; word < 2; word++) {
    uint32_t kept = data[word].permitted & (uint32_t)(keep >> (32 * word));
    data[word].permitted = data[word].effective = data[word].inheritable = kept;
  }
  if (syscall(SYS_capset, &header, data) < 0) refuse("capset: %s", strerror(errno));
  /* Ambient ones survive the exec of an ordinary user. */
  for (capability = 0; capability < 64; capability++)
    if ((data[capability / 32].permitted >> (capability % 32) & 1) != 0 &&
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
      refuse("raising capability %d: %s", capability, strerror(errno));
}

static void become_user(uid_t uid, gid_t gid) {
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0) refuse("PR_SET_KEEPCAPS: %s", strerror(errno));
  if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
    refuse("becoming user %u, group %u: %s", uid, gid, strerror(errno));
}

static struct wish read_options(int argc, char **argv) {
  static const struct option options[] = {
      {"cgroup", required_argument, NULL, 'c'}, {"user", required_argument, NULL, 'u'},
      {"keep", required_argument, NULL, 'k'},   {"nice", required_argument, NULL, 'n'},
      {"round-robin", required_argument, NULL, 'r'}, {"parent", required_argument, NULL, 'p'},
      {"oom", required_argument, NULL, 'o'},
      {NULL, 0, NULL, 0},
  };
  struct wish wish = {0};
  int option;
  while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
    switch (option) {
    case 'c': wish.cgroup = optarg; break;
    case 'u': read_user(&wish, optarg); break;
    case 'k': wish.keep = capability_set(optarg); break;
    case 'n': wish.nice = (int)number("--nice", optarg, -20, 19); wish.sets_nice = 1; break;
    case 'r': wish.round_robin = (int)number("--round-robin", optarg, 1, 99); break;
    case 'o': number("--oom", optarg, -1000, 1000); wish.oom_score = optarg; break;
    case 'p': wish.parent = (pid_t)number("--parent", optarg, 1, INT32_MAX); break;
    default: refuse("usage: launch [--cgroup DIR] [--user UID:GID] [--keep NAMES] [--nice N | "
                    "--round-robin N] [--oom SCORE] [--parent PID] -- PROGRAM ARGUMENTS...");
    }
  }
  if (optind >= argc) refuse("no program given");
  return wish;
}

int main(int argc, char **argv) {
  const struct wish wish = read_options(argc, argv);
  if (wish.cgroup != NULL) join_cgroup(wish.cgroup);
  if (wish.oom_score != NULL) set_oom_score(wish.oom_score);
  set_scheduling(&wish);
  drop_bounding(wish.keep);
  if (wish.changes_user) become_user(wish.uid, wish.gid);
  set_capabilities(wish.keep);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) refuse("no_new_privs: %s", strerror(errno));
  if (wish.parent != 0) {
    /* Only now: changing the user clears it. The parent may have died before we asked. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) < 0) refuse("pdeathsig: %s", strerror(errno));
    if (getppid() != wish.parent) refuse("the supervisor (process %d) has gone", wish.parent);
  }
  execv(argv[optind], argv + optind);
  fprintf(stderr, "launch: %s: %s\n", argv[optind], strerror(errno));
  return errno == ENOENT ? 127 : 126;
}
