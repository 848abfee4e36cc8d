#ifndef BATON_CCURL_H
#define BATON_CCURL_H

#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic macros, which Swift cannot call: one function for each type of value.
static inline CURLcode baton_curl_set_long(CURL *curl, CURLoption option, long value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode baton_curl_set_offset(CURL *curl, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode baton_curl_set_string(CURL *curl, CURLoption option, const char *value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode baton_curl_set_pointer(CURL *curl, CURLoption option, void *value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode baton_curl_set_headers(CURL *curl, struct curl_slist *headers) {
  return curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
}

static inline CURLcode baton_curl_set_write(CURL *curl, curl_write_callback write, void *context) {
  CURLcode code = curl_easy_setopt(curl, CURLOPT_WRITEDATA, context);
  return code == CURLE_OK ? curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, write) : code;
}

static inline CURLcode baton_curl_set_progress(CURL *curl, curl_xferinfo_callback progress, void *context) {
  CURLcode code = curl_easy_setopt(curl, CURLOPT_XFERINFODATA, context);
  if (code == CURLE_OK) code = curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  return code == CURLE_OK ? curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress) : code;
}

static inline CURLcode baton_curl_get_offset(CURL *curl, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(curl, info, value);
}

static inline CURLcode baton_curl_get_long(CURL *curl, CURLINFO info, long *value) {
  return curl_easy_getinfo(curl, info, value);
}

// Names of schemes with commas between them. The call that takes names came with 7.85; before it there was a bit for each.
static inline CURLcode baton_curl_set_protocols(CURL *curl, const char *names, long bits, const char *redirected,
                                                long redirected_bits) {
#if LIBCURL_VERSION_NUM >= 0x075500
  (void)bits;
  (void)redirected_bits;
  CURLcode code = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, names);
  return code == CURLE_OK ? curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, redirected) : code;
#else
  (void)names;
  (void)redirected;
  CURLcode code = curl_easy_setopt(curl, CURLOPT_PROTOCOLS, bits);
  return code == CURLE_OK ? curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, redirected_bits) : code;
#endif
}

#endif
