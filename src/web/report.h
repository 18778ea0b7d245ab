/* The records that end a task of OAuth 2.0. Internal to web/. */
#pragma once

#include "web/grant.h"

/* @found: what a sign-in learnt on its way, which is told as well; NULL: nothing. */
void est_report_grant (const EstGrant *grant, const EstAuthority *found);

/* @step: "metadata", "registration", "authorize" or "token". */
void est_report_failure (const GError *error, const char *step);
