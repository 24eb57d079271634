"""Tables of a shop, to try the store on."""

TABLES = ("things",)
