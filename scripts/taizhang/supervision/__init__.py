"""What is owed and what proves it on a day: recurring and continuing duties, close-outs, extensions, proofs, lights."""
