// Here and not in the header: what Swift sees of the system has to be the same in all modules, and it differs with this (the members
// of fd_set).
#define _GNU_SOURCE
#include "CSystem.h"

#include <stddef.h>
#include <sys/socket.h>

int csystem_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }
