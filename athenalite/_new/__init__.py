"""
Making new projects: ``python -m athenalite.new``. The files of a project are in ``files``, with names in ``@``.
"""
