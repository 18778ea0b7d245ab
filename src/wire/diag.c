/* The netlink query. Some 10 microseconds, where reading /proc/net/tcp takes
 * milliseconds. */
#include "wire/diag.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* TCP states of the kernel; <netinet/tcp.h> clashes with the kernel's headers
   elsewhere. */
#define STATE_LISTEN 10

/* INET_DIAG_CGROUP_ID, younger than some headers. */
#define ATTRIBUTE_GROUP 21

typedef struct
{
  struct nlmsghdr head;
  struct inet_diag_req_v2 body;
} Question;

typedef union
{
  struct nlmsghdr head;
  char octets[2048];
} Answer;

static EstDiagEnd
make_end (int family, const void *address, guint16 port)
{
  EstDiagEnd end = {.family = family, .port = port};
  const guint32 *words = address;
  if (family == AF_INET6 && IN6_IS_ADDR_V4MAPPED ((const struct in6_addr *) address))
    {
      end.family = AF_INET;
      end.address[0] = words[3];
    }
  else
    memcpy (end.address, address, family == AF_INET6 ? 16 : 4);
  return end;
}

EstDiagEnd
est_diag_end (const struct sockaddr_storage *address)
{
  const struct sockaddr_in *four = (const struct sockaddr_in *) address;
  const struct sockaddr_in6 *six = (const struct sockaddr_in6 *) address;
  if (address->ss_family == AF_INET)
    return make_end (AF_INET, &four->sin_addr, four->sin_port);
  if (address->ss_family == AF_INET6)
    return make_end (AF_INET6, &six->sin6_addr, six->sin6_port);
  return (EstDiagEnd){0};
}

static int
open_netlink (void)
{
  const struct timeval patience = {.tv_sec = 1};
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd >= 0)
    setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

static gboolean
send_question (int fd, const EstDiagEnd *near, const EstDiagEnd *far)
{
  Question question = {
    .head = {.nlmsg_len = sizeof question,
             .nlmsg_type = SOCK_DIAG_BY_FAMILY,
             .nlmsg_flags = NLM_F_REQUEST},
    .body = {.sdiag_family = (guint8) near->family,
             .sdiag_protocol = IPPROTO_TCP,
             .idiag_states = ~0u         },
  };
  struct inet_diag_sockid *id = &question.body.id;
  memcpy (id->idiag_src, near->address, sizeof id->idiag_src);
  memcpy (id->idiag_dst, far->address, sizeof id->idiag_dst);
  id->idiag_sport = near->port;
  id->idiag_dport = far->port;
  id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return send (fd, &question, sizeof question, 0) == (gssize) sizeof question;
}

/* Only what the kernel itself says (port id 0) counts. */
static gssize
receive_answer (int fd, Answer *answer)
{
  struct sockaddr_nl sender = {0};
  socklen_t length = sizeof sender;
  gssize got = recvfrom (fd, answer->octets, sizeof answer->octets, 0,
                         (struct sockaddr *) &sender, &length);
  return got > 0 && sender.nl_pid == 0 ? got : -1;
}

static guint64
read_group (const char *attributes, gsize length)
{
  struct nlattr attribute;
  guint64 group = 0;
  while (length >= sizeof attribute)
    {
      memcpy (&attribute, attributes, sizeof attribute);
      gsize size = attribute.nla_len;
      if (size < sizeof attribute || size > length)
        break;
      if ((attribute.nla_type & NLA_TYPE_MASK) == ATTRIBUTE_GROUP
          && size == sizeof attribute + sizeof group)
        memcpy (&group, attributes + sizeof attribute, sizeof group);
      gsize step = MIN (NLA_ALIGN (size), length);
      attributes += step;
      length -= step;
    }
  return group;
}

EstDiagResult
est_diag_parse (const void *octets, gsize length, EstDiagSocket *found)
{
  struct nlmsghdr head;
  struct inet_diag_msg body;
  if (length < NLMSG_HDRLEN)
    return EST_DIAG_UNAVAILABLE;
  memcpy (&head, octets, sizeof head);
  if (head.nlmsg_len < NLMSG_HDRLEN || head.nlmsg_len > length)
    return EST_DIAG_UNAVAILABLE;
  if (head.nlmsg_type != SOCK_DIAG_BY_FAMILY
      || head.nlmsg_len < NLMSG_LENGTH (sizeof body))
    return EST_DIAG_NOT_FOUND;

  const char *data = (const char *) octets + NLMSG_HDRLEN;
  gsize size = NLMSG_ALIGN (sizeof body), rest = head.nlmsg_len - NLMSG_HDRLEN;
  memcpy (&body, data, sizeof body);
  *found = (EstDiagSocket){
    .near = make_end (body.idiag_family, body.id.idiag_src, body.id.idiag_sport),
    .far = make_end (body.idiag_family, body.id.idiag_dst, body.id.idiag_dport),
    .state = body.idiag_state,
    .uid = body.idiag_uid,
    .inode = body.idiag_inode,
    .cookie = (guint64) body.id.idiag_cookie[1] << 32 | body.id.idiag_cookie[0],
    .group = rest > size ? read_group (data + size, rest - size) : 0,
  };
  return EST_DIAG_FOUND;
}

/* Whatever was asked, the kernel may answer with something similar. */
static EstDiagResult
ask (const EstDiagEnd *near, const EstDiagEnd *far, EstDiagSocket *found)
{
  Answer answer;
  int fd = open_netlink ();
  if (fd < 0)
    return EST_DIAG_UNAVAILABLE;
  gssize got = send_question (fd, near, far) ? receive_answer (fd, &answer) : -1;
  close (fd);

  return got > 0 ? est_diag_parse (answer.octets, (gsize) got, found)
                 : EST_DIAG_UNAVAILABLE;
}

static gboolean
is_equal (const EstDiagEnd *a, const EstDiagEnd *b)
{
  return a->family == b->family && a->port == b->port
         && memcmp (a->address, b->address, sizeof a->address) == 0;
}

/* A client that closed early reads as uid 0 with inode 0: without the inode's test
   anybody could look like root. With no such connection a listener on the port is found
   instead. */
EstDiagResult
est_diag_connected (const EstDiagEnd *near, const EstDiagEnd *far, EstDiagSocket *found)
{
  EstDiagResult result = ask (near, far, found);
  if (result == EST_DIAG_FOUND
      && (!is_equal (&found->near, near) || !is_equal (&found->far, far)
          || found->state == STATE_LISTEN || found->inode == 0))
    return EST_DIAG_NOT_FOUND;
  return result;
}

static gboolean
is_wildcard (const EstDiagEnd *end)
{
  static const guint32 none[4];
  return memcmp (end->address, none, sizeof none) == 0;
}

EstDiagResult
est_diag_listener (const EstDiagEnd *near, EstDiagSocket *found)
{
  const EstDiagEnd nobody = {.family = near->family};
  EstDiagResult result = ask (near, &nobody, found);
  if (result == EST_DIAG_FOUND
      && (found->state != STATE_LISTEN || found->near.port != near->port
          || (!is_wildcard (&found->near) && !is_equal (&found->near, near))))
    return EST_DIAG_NOT_FOUND;
  return result;
}
