"""One sound use of every operation that has an opposite, and the state of a whole sandbox to compare before and after."""
