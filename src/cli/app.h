/* The verbs below "estafeta app" that have a file of their own. */
#pragma once

#include "cli/verb.h"

EstVerb est_verb_app_allow;
EstVerb est_verb_app_refuse;
EstVerb est_verb_app_forget;
