"""Servers, browsers and sockets that the tests, the benchmarks and the stress runs share. No wheel contains it."""
