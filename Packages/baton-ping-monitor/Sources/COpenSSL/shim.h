#ifndef BATON_MONITOR_COPENSSL_H
#define BATON_MONITOR_COPENSSL_H

#include <openssl/evp.h>
#include <openssl/hmac.h>

#endif
