"""Forms as they are drawn: a definition, what was typed and what is wrong with it, in words."""
