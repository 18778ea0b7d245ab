/* What both ends of the D-Bus interfaces call things; the interfaces themselves are in
   data/org.estafeta.*.xml. */
#pragma once

#define EST_BUS_NAME "org.estafeta.Estafeta"
#define EST_BUS_PATH "/org/estafeta/Estafeta"

/* Error names. The message begins with the number of the message, in digits, for
   _NO_SUCH_MESSAGE, _NOT_POSSIBLE ("12 sent": its state follows), _UNDER_WAY and
   _NO_CONTENT; it is the account's name for _NO_SUCH_ACCOUNT, _STOPPED,
   _NOT_ITS_SENDER, _ONLINE, _SECRET_NEEDED and _NOT_ASKED, the token's for
   _NO_SUCH_TOKEN, _TOKEN_EXISTS and _BAD_TOKEN_NAME, the app's for _NO_SUCH_APP, the
   address for _NO_SUCH_RECIPIENT; for _SETTINGS and _NOT_TAKEN it is English and says
   what is wrong; the others need none. */
#define EST_BUS_ERROR_NO_SUCH_MESSAGE   "org.estafeta.Error.NoSuchMessage"
#define EST_BUS_ERROR_NOT_POSSIBLE      "org.estafeta.Error.NotPossible"
#define EST_BUS_ERROR_UNDER_WAY         "org.estafeta.Error.UnderWay"
#define EST_BUS_ERROR_NO_CONTENT        "org.estafeta.Error.NoContent"
#define EST_BUS_ERROR_STOPPED           "org.estafeta.Error.Stopped"
#define EST_BUS_ERROR_NOT_ITS_SENDER    "org.estafeta.Error.NotItsSender"
#define EST_BUS_ERROR_NO_SUCH_RECIPIENT "org.estafeta.Error.NoSuchRecipient"
#define EST_BUS_ERROR_BAD_ADDRESS       "org.estafeta.Error.BadAddress"
#define EST_BUS_ERROR_NOT_TAKEN         "org.estafeta.Error.NotTaken"
#define EST_BUS_ERROR_NO_SUCH_ACCOUNT   "org.estafeta.Error.NoSuchAccount"
#define EST_BUS_ERROR_ONLINE            "org.estafeta.Error.OnlineAccount"
#define EST_BUS_ERROR_NOT_ASKED         "org.estafeta.Error.NotAsked"
#define EST_BUS_ERROR_NO_SUCH_TOKEN     "org.estafeta.Error.NoSuchToken"
#define EST_BUS_ERROR_TOKEN_EXISTS      "org.estafeta.Error.TokenExists"
#define EST_BUS_ERROR_BAD_TOKEN_NAME    "org.estafeta.Error.BadTokenName"
#define EST_BUS_ERROR_NO_SUCH_APP       "org.estafeta.Error.NoSuchApp"
#define EST_BUS_ERROR_SETTINGS          "org.estafeta.Error.Settings"
#define EST_BUS_ERROR_KEYRING_LOCKED    "org.estafeta.Error.KeyringLocked"
#define EST_BUS_ERROR_NO_KEYRING        "org.estafeta.Error.NoKeyring"
#define EST_BUS_ERROR_DISMISSED         "org.estafeta.Error.Dismissed"
#define EST_BUS_ERROR_TIMED_OUT         "org.estafeta.Error.TimedOut"
#define EST_BUS_ERROR_SECRET_NEEDED     "org.estafeta.Error.SecretNeeded"
#define EST_BUS_ERROR_NO_PORT           "org.estafeta.Error.NoPort"
#define EST_BUS_ERROR_NO_SUCH_SIGN_IN   "org.estafeta.Error.NoSuchSignIn"
#define EST_BUS_ERROR_ACCESS_DENIED     "org.freedesktop.DBus.Error.AccessDenied"
