"""Tests of the repository: structure, documents, packages, tools, benchmarks."""
