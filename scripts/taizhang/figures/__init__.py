"""The numbers of a day and the sentences made from them; values only."""
