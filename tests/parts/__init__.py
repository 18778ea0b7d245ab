"""The real parts a story is told with: session, keyring, notification server, relays, clients."""
