/* Apps as the dictionaries of data/org.estafeta.Apps1.xml. */
#pragma once

#include "desktop/app-list.h"

/* Adds one dictionary to @list, a builder of aa{sv}. */
void est_app_values_add (const EstApp *app, GVariantBuilder *list);
