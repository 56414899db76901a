"""HTTP/1.1 on the socket: connections, framing, addresses, and an end in time."""
