"""All that is kept while servers and workers are killed, tabs come and go, and a proxy is away."""
