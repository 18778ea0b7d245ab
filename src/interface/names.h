/* What both ends of the D-Bus interfaces call things; the interfaces themselves are in
   data/org.estafeta.*.xml. */
#pragma once

#define EST_BUS_NAME "org.estafeta.Estafeta"
#define EST_BUS_PATH "/org/estafeta/Estafeta"

/* Error names. The message of the first two is the number of the message, in digits; that
   of _SETTINGS is English and says what is wrong; the others need none. */
#define EST_BUS_ERROR_NO_SUCH_MESSAGE "org.estafeta.Error.NoSuchMessage"
#define EST_BUS_ERROR_NOT_POSSIBLE    "org.estafeta.Error.NotPossible"
#define EST_BUS_ERROR_NO_SUCH_ACCOUNT "org.estafeta.Error.NoSuchAccount"
#define EST_BUS_ERROR_SETTINGS        "org.estafeta.Error.Settings"
#define EST_BUS_ERROR_KEYRING_LOCKED  "org.estafeta.Error.KeyringLocked"
#define EST_BUS_ERROR_NO_KEYRING      "org.estafeta.Error.NoKeyring"
#define EST_BUS_ERROR_TIMED_OUT       "org.estafeta.Error.TimedOut"
