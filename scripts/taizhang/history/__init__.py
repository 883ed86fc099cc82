"""What is kept so that nothing is lost: states, bases, the signed journal; writing under a lock; undo."""
