"""A data folder as one file: taken while servers run, and put back where none is."""
