/* How signing in at a web page came to nothing. */
#pragma once

/* The sentence for @what of org.estafeta.SignIn1; never NULL. */
const char *est_wording_sign_in (const char *what);
