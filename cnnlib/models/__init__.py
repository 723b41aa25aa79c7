"""Networks as layers: their texts, costs and fields, one unit of them, and files of weights."""
