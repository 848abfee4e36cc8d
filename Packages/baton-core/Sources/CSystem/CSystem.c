#define _GNU_SOURCE
#include "CSystem.h"
#include <fcntl.h>
#include <sys/timex.h>

int csystem_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int csystem_clock_error(void) {
  struct timex clock = {0};
  return adjtimex(&clock) == TIME_ERROR || clock.status & STA_UNSYNC ? -1 : (int)clock.maxerror;
}

int csystem_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int csystem_spawn_in(posix_spawn_file_actions_t *actions, const char *folder) {
  return posix_spawn_file_actions_addchdir_np(actions, folder);
}

int csystem_spawn_without(posix_spawn_file_actions_t *actions, int first_descriptor) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first_descriptor);
}
