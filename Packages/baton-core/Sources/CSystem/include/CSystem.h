#ifndef BATON_CSYSTEM_H
#define BATON_CSYSTEM_H

// What Glibc's Swift module leaves out.
//
// Nothing here may define _GNU_SOURCE, nor the shims of the other C modules: with it fd_set has other members than in Glibc's module,
// and a file that imports both does not compile. What needs it is in CSystem.c.

#include <getopt.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

// Swift 6 does not let C's mutable globals be read.
static inline const char *csystem_optarg(void) { return optarg; }
static inline int csystem_optind(void) { return optind; }
static inline int csystem_optopt(void) { return optopt; }
static inline void csystem_reset_getopt(void) { optind = 0; }

// W… are macros with a statement inside.
static inline int csystem_exit_status(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }
static inline int csystem_end_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

// glibc has a function for it only from 2.36.
static inline int csystem_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

// How far the clock may be off as NTP knows it, in microseconds; -1 if nothing keeps it right (adjtimex(2)).
int csystem_clock_error(void);

// accept4(2) without an address, and pipe2(2); what they open is closed in children.
int csystem_accept(int listener);
int csystem_pipe(int ends[2]);

// Takes the pages of code and constants out of this process (madvise(2), MADV_DONTNEED), and gives back what malloc keeps and nobody
// has (malloc_trim(3)). What is still needed comes back by itself when it is touched: the kernel has it, or reads the file again.
void csystem_release_memory(void);

// posix_spawn_file_actions_addchdir_np(3) and posix_spawn_file_actions_addclosefrom_np(3).
int csystem_spawn_in(posix_spawn_file_actions_t *actions, const char *folder);
int csystem_spawn_without(posix_spawn_file_actions_t *actions, int first_descriptor);

// Only before the first thread and the first task: the child has no thread but the one that called.
static inline pid_t csystem_fork(void) { return fork(); }

#endif
