/* The kernel's answer about a socket. It is no stranger, but what it says has lengths in
   it, and the answer is found by adding them up. */
#include "target.h"

#include "wire/diag.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  EstDiagSocket found = {0};
  EstDiagResult result = est_diag_parse (data, size, &found);

  g_assert_true (result == EST_DIAG_FOUND || found.group == 0);
  g_assert_true (result != EST_DIAG_UNAVAILABLE || found.inode == 0);
  return 0;
}
