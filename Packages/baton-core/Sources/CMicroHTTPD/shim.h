#ifndef BATON_CMICROHTTPD_H
#define BATON_CMICROHTTPD_H

#include <microhttpd.h>

// MHD_start_daemon and MHD_get_daemon_info are variadic, which Swift cannot call.
static inline struct MHD_Daemon *baton_mhd_start(const struct sockaddr *address, MHD_AccessHandlerCallback handle,
                                                 MHD_RequestCompletedCallback completed, void *context,
                                                 unsigned int connections, unsigned int timeout) {
  unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
  if (address->sa_family == AF_INET6) flags |= MHD_USE_IPv6;
  return MHD_start_daemon(flags, 0, NULL, NULL, handle, context, MHD_OPTION_SOCK_ADDR, address,
                          MHD_OPTION_NOTIFY_COMPLETED, completed, context, MHD_OPTION_CONNECTION_LIMIT, connections,
                          MHD_OPTION_CONNECTION_TIMEOUT, timeout, MHD_OPTION_END);
}

static inline unsigned int baton_mhd_port(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info ? info->port : 0;
}

#endif
