"""The rules of the market documents: one family per module, one engine that reads them."""
