"""The HTTP contract, as types: what comes in, what goes out, and the examples that the OpenAPI document shows.

Every `start` and `end` counts Unicode code points (not UTF-16 units, as JavaScript does).
"""
