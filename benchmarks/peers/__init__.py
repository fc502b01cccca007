"""
The same small chat room and echo with other libraries, each as its own documentation would write it.

They send the bytes of ``benchmarks.raw``, except Socket.IO, which has its own protocol. Each serves on a free port,
prints it, and runs until killed.
"""
