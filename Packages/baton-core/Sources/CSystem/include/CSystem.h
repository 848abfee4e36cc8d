#ifndef BATON_CSYSTEM_H
#define BATON_CSYSTEM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

// What Glibc's Swift module leaves out: a C target that has _GNU_SOURCE reaches it.

#endif
