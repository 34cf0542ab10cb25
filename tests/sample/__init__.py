"""A governed kind with a part, made for the tests of the kernel; no app of the product has one so plain."""
