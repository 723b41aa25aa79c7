"""The server's door: what every request and every answer passes before the app sees it."""
