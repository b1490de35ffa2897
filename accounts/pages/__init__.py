"""The pages of accounts: one file a topic."""
