#define _GNU_SOURCE
#include "CSystem.h"
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/timex.h>

int csystem_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int csystem_clock_error(void) {
  struct timex clock = {0};
  return adjtimex(&clock) == TIME_ERROR || clock.status & STA_UNSYNC ? -1 : (int)clock.maxerror;
}

// Whether the loader has written into what is otherwise never written: that would be lost.
static int is_relocated(const struct dl_phdr_info *object, const ElfW(Phdr) *segment) {
  const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(object->dlpi_addr + segment->p_vaddr);
  for (; entry->d_tag != DT_NULL; entry++) {
    if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL)) return 1;
  }
  return 0;
}

static int release_object(struct dl_phdr_info *object, size_t size, void *context) {
  (void)size, (void)context;
  const ElfW(Phdr) *segment = object->dlpi_phdr, *end = segment + object->dlpi_phnum;
  for (const ElfW(Phdr) *dynamic = segment; dynamic < end; dynamic++) {
    if (dynamic->p_type == PT_DYNAMIC && is_relocated(object, dynamic)) return 0;
  }
  const uintptr_t page = sysconf(_SC_PAGESIZE);
  for (; segment < end; segment++) {
    if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
    uintptr_t first = (object->dlpi_addr + segment->p_vaddr) & -page;
    uintptr_t last = object->dlpi_addr + segment->p_vaddr + segment->p_memsz;
    // Of the kernel's own page, which is among them, it may refuse that.
    madvise((void *)first, last - first, MADV_DONTNEED);
  }
  return 0;
}

void csystem_release_memory(void) {
  malloc_trim(0);
  dl_iterate_phdr(release_object, NULL);
}

int csystem_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int csystem_spawn_in(posix_spawn_file_actions_t *actions, const char *folder) {
  return posix_spawn_file_actions_addchdir_np(actions, folder);
}

int csystem_spawn_without(posix_spawn_file_actions_t *actions, int first_descriptor) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first_descriptor);
}
