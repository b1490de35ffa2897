"""The API of accounts: registering, and the tokens that programs sign in with."""
