"""What is read before a request leaves, and how each kind of write is taken back with it."""
