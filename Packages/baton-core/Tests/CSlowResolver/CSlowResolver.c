#define _GNU_SOURCE
#include "CSlowResolver.h"

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answers = PTHREAD_COND_INITIALIZER;
static int answered = 0;

void slow_resolver_answer(void) {
  pthread_mutex_lock(&mutex);
  answered = 1;
  pthread_cond_broadcast(&answers);
  pthread_mutex_unlock(&mutex);
}

// librabbitmq's call comes here, too: symbols of the executable go before those of the libraries.
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
  static int (*original)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
  pthread_mutex_lock(&mutex);
  if (!original) *(void **)&original = dlsym(RTLD_NEXT, "getaddrinfo");
  if (node && strcmp(node, "slow.test") == 0) {
    while (!answered) pthread_cond_wait(&answers, &mutex);
    node = "127.0.0.1";
  }
  pthread_mutex_unlock(&mutex);
  return original(node, service, hints, result);
}
