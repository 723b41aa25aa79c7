"""A server's data for its keeper, from a terminal beside the server."""
