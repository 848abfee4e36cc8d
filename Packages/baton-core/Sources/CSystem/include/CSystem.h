#ifndef BATON_CSYSTEM_H
#define BATON_CSYSTEM_H

// What Glibc's Swift module leaves out: a C target that has _GNU_SOURCE reaches it.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
// fd_set's member has another name with _GNU_SOURCE than where Swift's Glibc sees it, and whoever sees both cannot be compiled.
#include <features.h>
#pragma push_macro("__USE_XOPEN")
#undef __USE_XOPEN
#include <sys/select.h>
#pragma pop_macro("__USE_XOPEN")
#include <getopt.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
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

// Only before the first thread and the first task: the child has no thread but the one that called.
static inline pid_t csystem_fork(void) { return fork(); }

#endif
