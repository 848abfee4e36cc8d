#ifndef BATON_CSLOWRESOLVER_H
#define BATON_CSLOWRESOLVER_H

// A test binary that links this has a getaddrinfo(3) that knows one more host: slow.test, which is 127.0.0.1, and whose look-up takes
// until slow_resolver_answer() has been called.
void slow_resolver_answer(void);

#endif
