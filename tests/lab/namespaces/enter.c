/*
 * enter PID DIRECTORY COMMAND [ARGUMENT...]
 *
 * Runs a command in the namespaces of process PID. nsenter does nearly the same, but it stops
 * itself when the command is stopped, and a stopped parent cannot reap: a lab that dies in that
 * moment would not be cleared away. The pid as seen from outside is written to descriptor 3.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *operation, const char *operand) {
  fprintf(stderr, "enter: %s %s: %s\n", operation, operand, strerror(errno));
  exit(125);
}

int main(int argc, char **argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: enter PID DIRECTORY COMMAND [ARGUMENT...]\n");
    return 125;
  }
  /* All are opened first: after the mount namespace is joined, /proc shows other pids. */
  const char *const kinds[] = {"net", "uts", "pid", "mnt"};
  int namespaces[4];
  for (int i = 0; i < 4; i++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/ns/%s", argv[1], kinds[i]);
    namespaces[i] = open(path, O_RDONLY | O_CLOEXEC);
    if (namespaces[i] < 0) fail("open", path);
  }
  for (int i = 0; i < 4; i++)
    if (setns(namespaces[i], 0) < 0) fail("join namespace", kinds[i]);
  if (chdir(argv[2]) < 0) fail("change to", argv[2]);

  /* A pid namespace is entered by the next child only. */
  const pid_t child = fork();
  if (child < 0) fail("fork for", argv[3]);
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(3);
    execvp(argv[3], argv + 3);
    fail("run", argv[3]);
  }
  dprintf(3, "%d\n", child);
  close(3);

  int status;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail("wait for", argv[3]);
  if (WIFSIGNALED(status)) {
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
  }
  return WEXITSTATUS(status);
}
