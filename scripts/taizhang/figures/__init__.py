"""The figures of a day and the sentences written from them; values only, no rendering."""
