#ifndef BATON_CARCHIVE_H
#define BATON_CARCHIVE_H

#include <archive.h>
#include <archive_entry.h>
#include <sys/syscall.h>
#include <unistd.h>

// What has been unpacked is brought to disk at once, and syncfs is not part of Glibc's Swift module.
static inline int baton_syncfs(int descriptor) { return (int)syscall(SYS_syncfs, descriptor); }

#endif
