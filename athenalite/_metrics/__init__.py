"""
Measuring a server for its operator: metrics for Prometheus, and a watch over the reactor.
"""
