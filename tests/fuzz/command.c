/* Command lines and the parameters behind a path. */
#include "target.h"

#include "mail/command.h"

#include <string.h>

static void
check_split (const char *text)
{
  g_autofree char *line = g_strdup (text);
  gsize length = strlen (line);
  char verb[9];
  const char *argument = est_command_split (line, verb, sizeof verb);

  g_assert_true (argument >= line && argument <= line + length);
  g_assert_cmpuint (strlen (verb), <, sizeof verb);
  g_assert_null (strpbrk (verb, " \t"));
  if (*argument != '\0')
    {
      g_assert_null (strchr (" \t", *argument));
      g_assert_null (strchr (" \t", argument[strlen (argument) - 1]));
    }
}

static void
check_parameter (const EstParameter *parameter)
{
  g_assert_cmpint (*parameter->key, !=, '\0');
  for (const char *at = parameter->key; *at != '\0'; at++)
    g_assert_true (g_ascii_isupper (*at) || g_ascii_isdigit (*at) || *at == '-');
  if (parameter->value == NULL)
    return;
  g_assert_cmpint (*parameter->value, !=, '\0');
  for (const char *at = parameter->value; *at != '\0'; at++)
    g_assert_true ((guchar) *at > ' ' && *at != 0x7f && *at != '=');
}

static void
check_parameters (const char *text)
{
  const char *cursor = text, *before = text;
  g_autoptr (GError) error = NULL;
  EstParameter parameter;

  while (est_parameter_next (&cursor, &parameter, &error) && parameter.key != NULL)
    {
      check_parameter (&parameter);
      g_assert_true (cursor > before);
      before = cursor;
      est_parameter_clear (&parameter);
    }
  g_assert_true (parameter.key == NULL && parameter.value == NULL);
  g_assert_true (error != NULL || *cursor == '\0');
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  if (est_command_is_text ((const char *) data, size))
    g_assert_cmpuint (strlen (text), ==, size);
  if (strstr (text, " HTTP/") != NULL)
    g_assert_true (est_command_is_http (text));
  est_command_is_http (text);
  check_split (text);
  check_parameters (text);
  return 0;
}
