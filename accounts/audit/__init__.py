"""What admins did, whatever the door: written where it is done, and never changed."""
