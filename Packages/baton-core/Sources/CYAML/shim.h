// As in CSystem: system types that differ with it would not be the same type in both modules.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <yaml.h>
