"""
The same small chat room and echo on other people's libraries, each as its own documentation would write it. They
speak the bytes of ``benchmarks.raw``, but for Socket.IO, which has its own; each serves on a free port, prints it,
and runs until killed.
"""
