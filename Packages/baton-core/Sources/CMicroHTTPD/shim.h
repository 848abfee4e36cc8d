#ifndef BATON_CMICROHTTPD_H
#define BATON_CMICROHTTPD_H

#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct baton_mhd_settings {
  MHD_AccessHandlerCallback handle;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback changed;
  void *context;
  unsigned int connections;
  // In seconds.
  unsigned int timeout;
};

// MHD_start_daemon, MHD_get_daemon_info and MHD_get_connection_info are variadic, which Swift cannot call. With an address the
// library makes the socket; without one it takes `listener`, and closes it when it stops.
static inline struct MHD_Daemon *baton_mhd_start(const struct sockaddr *address, int listener,
                                                 struct baton_mhd_settings settings) {
  unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
  if (address && address->sa_family == AF_INET6) flags |= MHD_USE_IPv6;
  struct MHD_OptionItem where[] = {{MHD_OPTION_SOCK_ADDR, 0, (void *)address}, {MHD_OPTION_END, 0, NULL}};
  if (!address) {
    where[0].option = MHD_OPTION_LISTEN_SOCKET;
    where[0].value = listener;
  }
  return MHD_start_daemon(flags, 0, NULL, NULL, settings.handle, settings.context, MHD_OPTION_ARRAY, where,
                          MHD_OPTION_NOTIFY_COMPLETED, settings.completed, settings.context,
                          MHD_OPTION_NOTIFY_CONNECTION, settings.changed, settings.context,
                          // A request without a host is none, and a header that two programs read in two ways is none.
                          MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_LIMIT, settings.connections,
                          MHD_OPTION_CONNECTION_TIMEOUT, settings.timeout, MHD_OPTION_END);
}

static inline unsigned int baton_mhd_port(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info ? info->port : 0;
}

static inline int baton_mhd_descriptor(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

static inline const struct sockaddr *baton_mhd_client(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info ? info->client_addr : NULL;
}

#endif
