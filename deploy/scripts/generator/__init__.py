"""Makes what other programs need to know of the functions, from what the functions say of themselves."""

MADE = "Made from what the functions say of themselves: `make build` keeps it current."
