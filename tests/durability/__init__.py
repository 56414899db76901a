"""Builders that are killed and machines that lose power, at every file operation: a program that prints what broke.

    python -m tests.durability kill --every 10     a real builder, killed by SIGKILL
    python -m tests.durability power --losses 200  what a disk may hold after writes that were not synced are lost
    python -m tests.durability race                six builders at once
    python -m tests.durability full                a disk that takes so many bytes and no more

The first two and the last take `--of library`: then it is not a build that meets the fault, but a report that is taken
in, taken in again, taken out or rolled back, with the index of it.

A file operation is an opening for writing, fsync, rename, removal, mkdir, chmod or lock below the index folder, as
Python's audit hooks report them. After each fault the folder must hold the old index or the new one, whole, and the
next build must succeed and clean up. The model's part is done beforehand, so that a builder's life is its file
operations.
"""
